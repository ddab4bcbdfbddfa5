/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When a QEMU, or this process, had no processor for a while. The looks are taken while the test
 * runs, so that a finding about QEMU can be told from the effect of a busy host.
 */
#ifndef MT_PROCESS_STARVATION_H
#define MT_PROCESS_STARVATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/process/scheduling.h"

struct mt_starvation {
    pid_t pid;
    const char *name; /* what messages call the process: "source" */
    bool watched;
    struct mt_scheduling last;
    struct mt_stretch *stretches; /* in the order in which they ended */
    size_t count;
    size_t room;
    struct mt_scheduling passes[2]; /* when the last two MIGRATION_PASS came, in that order */
};

/* Takes looks from now on, until the process ends. */
void mt_starvation_watch(struct mt_starvation *starvation);

/* How often a watched process is looked at: a look at ten threads takes 0.1 ms. */
enum { MT_STARVATION_LOOK_MS = 25 };

/* Takes a look if the process is watched and the last look was long enough ago. */
void mt_starvation_look(struct mt_starvation *starvation);

/* The process was seen to begin a migration, or to begin another pass over memory. */
void mt_starvation_note_migration(struct mt_starvation *starvation);
void mt_starvation_note_pass(struct mt_starvation *starvation);

/*
 * The longest stretch without a processor that ended at `from_us` of mt_now_us() or later. With
 * `or_we`, the stretches of this process count, too. `ret_who` (may be NULL) says whose stretch it
 * was; the caller frees it.
 */
int64_t mt_starvation_longest_us(struct mt_starvation *starvation, int64_t from_us, bool or_we,
                                 char **ret_who);

/*
 * The longest time that a thread of the process has waited in total since the pass before the
 * latest began. `ret_since_us` says how long ago that pass began.
 */
struct mt_stretch mt_starvation_since_pass(const struct mt_starvation *starvation,
                                           int64_t *ret_since_us);

/* "the thread "CPU 0/KVM" of the source". The caller frees it. */
char *mt_starvation_name(const struct mt_starvation *starvation, pid_t tid);

void mt_starvation_clear(struct mt_starvation *starvation);

#endif
