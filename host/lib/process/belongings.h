/* SPDX-License-Identifier: Apache-2.0 */
/* Counts the descriptors and threads of a process, by kind. */
#ifndef MT_PROCESS_BELONGINGS_H
#define MT_PROCESS_BELONGINGS_H

#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/text.h"

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
    struct mt_strings names[MT_BELONGINGS]; /* "19 (socket:[4711])", "4712 (nbd-connect)" */
};

int mt_belongings_count(pid_t pid, struct mt_belongings *ret_belongings, struct mt_error *error);
void mt_belongings_clear(struct mt_belongings *belongings);

/*
 * Tells in words of which kinds there are more than before, with the names of the new ones. NULL:
 * of none. The caller frees the text.
 */
char *mt_belongings_growth(const struct mt_belongings *before, const struct mt_belongings *now);

#endif
