/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/process/starvation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/text.h"

/* Shorter stretches are normal on a shared processor. */
static const int64_t least_us = 10000;

/*
 * The kernel counts a thread's wait for a processor only when the wait ends. So a thread that still
 * waits is looked at again, every 10 ms for at most 0.5 s: the kernel has no event for a thread of
 * another process that begins to run.
 */
static const int64_t settle_us = 500000;
static const int64_t settle_step_us = 10000;

static void look_at_both(const struct mt_starvation *starvation,
                         struct mt_scheduling *ret_scheduling)
{
    mt_scheduling_look(starvation->pid, ret_scheduling);
    mt_scheduling_add_ours(ret_scheduling);
}

void mt_starvation_watch(struct mt_starvation *starvation)
{
    if (!starvation->watched) {
        starvation->watched = true;
        look_at_both(starvation, &starvation->last);
    }
}

static void keep_stretch(struct mt_starvation *starvation, struct mt_stretch stretch)
{
    if (stretch.us < least_us) {
        return;
    }
    if (starvation->count == starvation->room) {
        starvation->room = starvation->room * 2 + 16;
        starvation->stretches =
            mt_realloc(starvation->stretches, starvation->room, sizeof(*starvation->stretches));
    }
    starvation->stretches[starvation->count++] = stretch;
}

/* Our own longest stretch is kept beside QEMU's, because it explains other findings. */
static void keep_longest(struct mt_starvation *starvation, const struct mt_scheduling *now)
{
    struct mt_scheduling *last = &starvation->last;
    static struct mt_scheduling ours;
    static struct mt_scheduling theirs;

    theirs = *now;
    ours = (struct mt_scheduling){.at_us = now->at_us};
    for (size_t i = 0; i < theirs.thread_count; i++) {
        if (theirs.threads[i].tid == gettid()) {
            ours.threads[ours.thread_count++] = theirs.threads[i];
            theirs.threads[i] = theirs.threads[--theirs.thread_count];
            break;
        }
    }
    keep_stretch(starvation, mt_scheduling_longest(last, &theirs));
    keep_stretch(starvation, mt_scheduling_longest(last, &ours));
    *last = *now;
}

void mt_starvation_look(struct mt_starvation *starvation)
{
    static struct mt_scheduling now;

    if (starvation->watched &&
        mt_now_us() - starvation->last.at_us >= MT_STARVATION_LOOK_MS * INT64_C(1000)) {
        look_at_both(starvation, &now);
        keep_longest(starvation, &now);
    }
}

void mt_starvation_note_migration(struct mt_starvation *starvation)
{
    mt_scheduling_look(starvation->pid, &starvation->passes[1]);
    starvation->passes[0] = starvation->passes[1];
}

void mt_starvation_note_pass(struct mt_starvation *starvation)
{
    if (starvation->watched) {
        starvation->passes[0] = starvation->passes[1];
        mt_scheduling_look(starvation->pid, &starvation->passes[1]);
    }
}

struct mt_stretch mt_starvation_since_pass(const struct mt_starvation *starvation,
                                           int64_t *ret_since_us)
{
    static struct mt_scheduling now;

    mt_scheduling_look(starvation->pid, &now);
    *ret_since_us = now.at_us - starvation->passes[0].at_us;
    return mt_scheduling_most_waited(&starvation->passes[0], &now);
}

static bool is_runnable(pid_t pid, pid_t tid)
{
    MT_AUTO_FREE char *path = mt_text("/proc/%d/task/%d/stat", (int)pid, (int)tid);
    MT_AUTO_FILE FILE *file = fopen(path, "re");
    char state = 'S';

    return file != NULL && fscanf(file, "%*d (%*[^)]) %c", &state) == 1 && state == 'R';
}

/* Whether a thread is runnable and has had no processor since the look `before`. */
static bool still_waits(pid_t pid, const struct mt_scheduling *before,
                        const struct mt_scheduling *now)
{
    for (size_t i = 0; i < now->thread_count && i < before->thread_count; i++) {
        const struct mt_thread_time *thread = &now->threads[i];
        const struct mt_thread_time *was = &before->threads[i];
        if (thread->tid == was->tid && thread->ran_ns == was->ran_ns &&
            thread->turns == was->turns && is_runnable(pid, thread->tid)) {
            return true;
        }
    }
    return false;
}

/* Waits until the kernel has counted the waits that go on now, and keeps them. */
static void settle_waits(struct mt_starvation *starvation)
{
    static struct mt_scheduling before;
    static struct mt_scheduling now;
    int64_t deadline_us = mt_now_us() + settle_us;

    look_at_both(starvation, &before);
    do {
        usleep((useconds_t)settle_step_us);
        look_at_both(starvation, &now);
    } while (still_waits(starvation->pid, &before, &now) && mt_now_us() < deadline_us);
    keep_longest(starvation, &now);
}

char *mt_starvation_name(const struct mt_starvation *starvation, pid_t tid)
{
    char name[32] = "";

    if (tid == 0) {
        return mt_text_copy("this host's CPU");
    }
    if (tid == gettid()) {
        return mt_text_copy("the test itself");
    }
    MT_AUTO_FREE char *path = mt_text("/proc/%d/task/%d/comm", (int)starvation->pid, (int)tid);
    MT_AUTO_FILE FILE *file = fopen(path, "re");
    if (file == NULL || fgets(name, sizeof(name), file) == NULL) {
        return mt_text("a thread of the %s", starvation->name);
    }
    name[strcspn(name, "\n")] = '\0';
    return mt_text("the thread \"%s\" of the %s", name, starvation->name);
}

int64_t mt_starvation_longest_us(struct mt_starvation *starvation, int64_t from_us, bool or_we,
                                 char **ret_who)
{
    struct mt_stretch longest = {0};

    if (starvation->watched) {
        settle_waits(starvation);
    }
    for (size_t i = starvation->count; i > 0; i--) {
        const struct mt_stretch *stretch = &starvation->stretches[i - 1];
        if (stretch->at_us < from_us) {
            break;
        }
        if (stretch->us > longest.us && (or_we || stretch->tid != gettid())) {
            longest = *stretch;
        }
    }
    if (ret_who != NULL) {
        *ret_who =
            longest.us > 0 ? mt_starvation_name(starvation, longest.tid) : mt_text_copy("nobody");
    }
    return longest.us;
}

void mt_starvation_clear(struct mt_starvation *starvation)
{
    free(starvation->stretches);
    *starvation = (struct mt_starvation){0};
}
