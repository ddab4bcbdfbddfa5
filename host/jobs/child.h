/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A child of this program, watched by its pidfd. libuv would fork for it, and pay for a copy of all
 * page tables each time; posix_spawn does not.
 */
#ifndef MT_JOBS_CHILD_H
#define MT_JOBS_CHILD_H

#include <sys/types.h>
#include <uv.h>

#include "base/error.h"

enum { MT_CHILD_FDS = 5 };

struct mt_child {
    pid_t pid;
    uv_poll_t end; /* readable when it has ended */
    int pidfd;
    void *data;
    void (*ended)(struct mt_child *child, int status);
};

/* In a session of its own, all signals as they are by default; fds[i] becomes its descriptor i. */
int mt_child_start(struct mt_child *child, uv_loop_t *loop, char *const *arguments,
                   char *const *environment, const int fds[MT_CHILD_FDS], struct mt_error *error);

/* Once it has ended: `closed` is called when it may be freed; its `data` is the uv handle's. */
void mt_child_close(struct mt_child *child, uv_close_cb closed);

#endif
