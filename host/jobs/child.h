/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A child process of this program. The program learns of its end by a pidfd. posix_spawn starts the
 * child: libuv would fork, which copies all page tables each time.
 */
#ifndef MT_JOBS_CHILD_H
#define MT_JOBS_CHILD_H

#include <sys/types.h>
#include <uv.h>

#include "base/error.h"

enum { MT_CHILD_FDS = 5 };

struct mt_child {
    pid_t pid;
    uv_poll_t end; /* readable when the child has ended */
    int pidfd;
    void *data;
    void (*ended)(struct mt_child *child, int status);
};

/* The child gets a session of its own and the default action for all signals. fds[i] becomes its
 * descriptor i. */
int mt_child_start(struct mt_child *child, uv_loop_t *loop, char *const *arguments,
                   char *const *environment, const int fds[MT_CHILD_FDS], struct mt_error *error);

/* To be called once the child has ended. `closed` is called with the handle `end` when the memory
 * of the child may be freed. */
void mt_child_close(struct mt_child *child, uv_close_cb closed);

#endif
