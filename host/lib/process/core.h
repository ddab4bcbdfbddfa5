/* SPDX-License-Identifier: Apache-2.0 */
/* The core of a process that crashes: whether the kernel leaves one for us, and where. */
#ifndef MT_PROCESS_CORE_H
#define MT_PROCESS_CORE_H

#include <sys/types.h>

/* The program that reads cores. */
#define MT_DEBUGGER "gdb"

struct mt_core {
    char *folder;
    char *name;    /* the kernel's pattern of the file's name */
    char *why_not; /* why there will be no core, or no debugger to read it; NULL: all is there */
};

/* For a process that will be started in the current folder. */
void mt_core_expect(struct mt_core *ret_core);
void mt_core_clear(struct mt_core *core);

/* The path of the core that the process has left; NULL: none. The caller frees it. */
char *mt_core_find(const struct mt_core *core, pid_t pid);

#endif
