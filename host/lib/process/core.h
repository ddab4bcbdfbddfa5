/* SPDX-License-Identifier: Apache-2.0 */
/* Where the kernel would leave the core of a process that crashes, if it leaves one to us. */
#ifndef MT_PROCESS_CORE_H
#define MT_PROCESS_CORE_H

#include <sys/types.h>

struct mt_core {
    char *folder;
    char *name;    /* the kernel's pattern of it */
    char *why_not; /* why none can be had; NULL: one can */
};

/* For a process that will be started in the present folder. */
void mt_core_expect(struct mt_core *ret_core);
void mt_core_clear(struct mt_core *core);

/* The file's path, which the caller frees; NULL: it is not there. */
char *mt_core_find(const struct mt_core *core, pid_t pid);

#endif
