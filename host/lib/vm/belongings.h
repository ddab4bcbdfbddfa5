/* SPDX-License-Identifier: Apache-2.0 */
/* The descriptors and threads that a process has, counted by kind. */
#ifndef MT_VM_BELONGINGS_H
#define MT_VM_BELONGINGS_H

#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

enum mt_belonging {
    MT_SOCKETS,
    MT_PIPES,
    MT_ANONYMOUS, /* eventfd, memfd, KVM's, ... */
    MT_FILES,
    MT_THREADS,
    MT_BELONGINGS,
};

struct mt_belongings {
    size_t counts[MT_BELONGINGS];
};

int mt_belongings_count(pid_t pid, struct mt_belongings *ret_belongings, struct mt_error *error);

/* What there is more of than before, in words; NULL: nothing. The caller frees it. */
char *mt_belongings_growth(const struct mt_belongings *before, const struct mt_belongings *now);

#endif
