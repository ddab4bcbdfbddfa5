/* SPDX-License-Identifier: Apache-2.0 */
/* What this host's scheduler gave to the threads of a QEMU, and to us, between two looks. */
#ifndef MT_PROCESS_SCHEDULING_H
#define MT_PROCESS_SCHEDULING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { MT_MOST_THREADS = 320, MT_MOST_CPUS = 256 };

/* Of one thread since it began. */
struct mt_thread_time {
    pid_t tid;
    int64_t ran_us;
    int64_t waited_us; /* for a processor */
    int64_t turns;     /* how often it was given one */
};

/* At one moment. */
struct mt_scheduling {
    int64_t at_us; /* by mt_now_us() */
    size_t thread_count;
    struct mt_thread_time threads[MT_MOST_THREADS];
    size_t cpu_count;
    int64_t stolen_us[MT_MOST_CPUS]; /* that a hypervisor gave each CPU of this host to others */
};

/* For how long somebody had no processor, at a stretch. */
struct mt_stretch {
    int64_t us;
    pid_t tid;     /* whose; 0: a CPU of this host was stolen */
    int64_t at_us; /* when it was seen to be over */
};

/* Where the kernel does not tell, there are no threads, and nobody is ever seen to wait. */
void mt_scheduling_look(pid_t pid, struct mt_scheduling *ret_scheduling);

/* Adds the thread of ours that calls. */
void mt_scheduling_add_ours(struct mt_scheduling *scheduling);

/*
 * The longest stretch that ended between two looks: at least so long, and more surely so the closer
 * they are. A thread waited in as many pieces as it was given a processor, so the longest is no
 * shorter than their mean; and what is more than fits between the looks is of one piece that began
 * before. What was stolen counts where it is at least half of the time between the looks.
 */
struct mt_stretch mt_scheduling_longest(const struct mt_scheduling *from,
                                        const struct mt_scheduling *to);

/* The most that one thread waited between two looks, in however many pieces. `tid` is whose it was,
 * and `at_us` the moment of the second look. */
struct mt_stretch mt_scheduling_most_waited(const struct mt_scheduling *from,
                                            const struct mt_scheduling *to);

#endif
