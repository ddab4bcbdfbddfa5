/* SPDX-License-Identifier: Apache-2.0 */
/* A child process that dies with its parent: how it is started, what it runs, and how it ended. */
#ifndef MT_PROCESS_PROCESS_H
#define MT_PROCESS_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/text.h"
#include "lib/process/core.h"
#include "lib/process/image.h"
#include "lib/process/starvation.h"

struct mt_process {
    const char *name; /* what messages call the process: "source" */
    pid_t pid;
    int pidfd; /* readable once the process has ended; -1: there is no process */
    bool ended;
    int status;   /* as wait() gives it, once ended */
    bool unknown; /* nobody knows how it ended: something else, a plugin, has waited for it */
    struct mt_strings command;
    char *output;          /* the file that holds its stdout and stderr */
    char *backtrace;       /* the file for a backtrace of a crash; NULL: none is requested */
    struct mt_core core;   /* where a crash leaves a core; unused without `backtrace` */
    struct mt_image image; /* what the process really runs; empty: unknown */
    struct mt_starvation starvation;
};

#define MT_PROCESS_NONE ((struct mt_process){.pid = -1, .pidfd = -1})

struct mt_process_start {
    const char *name;
    char *const *command;
    char *const *environment; /* added to our own: "NAME=VALUE", NULL-terminated, or NULL */
    int fd3;                  /* inherited under these numbers; -1: none */
    int fd4;
    const char *output;
    const char *backtrace; /* NULL: no core and no backtrace */
};

/*
 * Fails with the reason of exec itself when the program cannot be run. `name` is borrowed for the
 * life of the process. The caller clears the process once the start has succeeded.
 */
int mt_process_start(struct mt_process *process, const struct mt_process_start *start,
                     struct mt_error *error);

/* Takes note of the end of a process that has ended. Returns whether the process has ended. */
bool mt_process_check(struct mt_process *process);

/* The same, after waiting at most `ms` for the end. */
bool mt_process_ends_within(struct mt_process *process, int ms);

/* Kills the process if it still runs, and waits until it is gone. */
void mt_process_end(struct mt_process *process);

/* Ends the process, and frees what is known about it. */
void mt_process_clear(struct mt_process *process);

/* "exited with status 1", "was killed by SIGABRT". The caller frees it. */
char *mt_process_fate(const struct mt_process *process);

/* The last 2000 bytes of its output, without empty lines at the end. The caller frees them. */
char *mt_process_last_words(const struct mt_process *process);

/* Fails with how the process ended and with its last words. */
int mt_process_fail_ended(const struct mt_process *process, struct mt_error *error);

#endif
