/* SPDX-License-Identifier: Apache-2.0 */
/* A child process that dies with its parent, and what became of it. */
#ifndef MT_PROCESS_PROCESS_H
#define MT_PROCESS_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

struct mt_process {
    pid_t pid;
    int pidfd; /* readable once it has ended; -1 when there is no process */
    bool ended;
    int status;   /* as wait() gives it, once ended */
    bool unknown; /* how it ended, as somebody else, a plugin, has waited for it */
};

#define MT_PROCESS_NONE ((struct mt_process){.pid = -1, .pidfd = -1})

struct mt_process_start {
    char *const *command;
    char *const *environment; /* added to our own: "NAME=VALUE", NULL-terminated, or NULL */
    int fd3;                  /* inherited under these numbers; -1: none */
    int fd4;
    const char *output; /* a file for its stdout and stderr */
    bool leaves_core;   /* it may leave one, as far as the hard limit allows */
};

/* Fails with the reason of exec itself when the program cannot be run. */
int mt_process_start(struct mt_process *process, const struct mt_process_start *start,
                     struct mt_error *error);

/* Takes note of its end if it has ended; returns whether it has. */
bool mt_process_check(struct mt_process *process);

/* The same, after waiting for its end for at most that long. */
bool mt_process_ends_within(struct mt_process *process, int ms);

/* Kills it if need be, and waits until it is gone. */
void mt_process_end(struct mt_process *process);

/* "exited with status 1", "was killed by SIGABRT"; the caller frees it. */
char *mt_process_fate(const struct mt_process *process);

#endif
