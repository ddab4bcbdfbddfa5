/* SPDX-License-Identifier: Apache-2.0 */
/* The processor time that threads got from this host between two looks. */
#ifndef MT_PROCESS_SCHEDULING_H
#define MT_PROCESS_SCHEDULING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { MT_MOST_THREADS = 320, MT_MOST_CPUS = 256 };

/* What a thread got since it began. */
struct mt_thread_time {
    pid_t tid;
    int64_t ran_ns;
    int64_t waited_ns; /* for a processor */
    int64_t turns;     /* how often it got a processor */
};

/* A look: the figures of one moment. */
struct mt_scheduling {
    int64_t at_us; /* by mt_now_us() */
    size_t thread_count;
    struct mt_thread_time threads[MT_MOST_THREADS];
    size_t cpu_count;
    int64_t stolen_us[MT_MOST_CPUS]; /* by CPU: the time that a hypervisor gave to others */
};

/* An uninterrupted time without a processor. */
struct mt_stretch {
    int64_t us;
    pid_t tid;     /* the thread; 0: the time of a CPU of this host was stolen */
    int64_t at_us; /* when the end of the stretch was seen */
};

/* Where the kernel has no such figures, a look has no threads, and nobody is ever seen to wait. */
void mt_scheduling_look(pid_t pid, struct mt_scheduling *ret_scheduling);

/* Adds the calling thread to a look at another process. */
void mt_scheduling_add_ours(struct mt_scheduling *scheduling);

/* One thread of a process. Returns false where the kernel has no such figures. */
bool mt_scheduling_read_thread(pid_t pid, pid_t tid, struct mt_thread_time *ret_time);

/*
 * The longest stretch that ended between two looks, as a lower bound; the closer the looks, the
 * better the bound. A thread waits once for each of its turns, so its longest wait is no shorter
 * than the mean. Where it waited longer than the time between the looks leaves room for, the excess
 * is one piece that began before the first look. Stolen time counts where it is at least half of
 * the time between the looks.
 */
struct mt_stretch mt_scheduling_longest(const struct mt_scheduling *from,
                                        const struct mt_scheduling *to);

/*
 * The longest time that one thread waited in total between two looks, in any number of pieces.
 * `tid` is that thread, and `at_us` is the moment of the second look.
 */
struct mt_stretch mt_scheduling_most_waited(const struct mt_scheduling *from,
                                            const struct mt_scheduling *to);

#endif
