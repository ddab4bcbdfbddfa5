/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/process/scheduling.h"

#include <ctype.h>
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"

bool mt_scheduling_read_thread(pid_t pid, pid_t tid, struct mt_thread_time *ret_time)
{
    char path[64];
    struct mt_thread_time time = {.tid = tid};

    snprintf(path, sizeof(path), "/proc/%d/task/%d/schedstat", (int)pid, (int)tid);
    MT_AUTO_FILE FILE *file = fopen(path, "re");
    if (file == NULL || fscanf(file, "%" SCNd64 " %" SCNd64 " %" SCNd64, &time.ran_ns,
                               &time.waited_ns, &time.turns) != 3) {
        return false;
    }
    *ret_time = time;
    return true;
}

static void add_thread(struct mt_scheduling *scheduling, pid_t pid, pid_t tid)
{
    if (scheduling->thread_count < MT_MOST_THREADS &&
        mt_scheduling_read_thread(pid, tid, &scheduling->threads[scheduling->thread_count])) {
        scheduling->thread_count++;
    }
}

/*
 * Reads lines "cpu0 user nice system idle iowait irq softirq steal ...", in ticks. The line "cpu
 * ..." is their sum.
 */
static void read_stolen(struct mt_scheduling *scheduling)
{
    char line[512];
    int64_t us_a_tick = 1000000 / sysconf(_SC_CLK_TCK);
    MT_AUTO_FILE FILE *file = fopen("/proc/stat", "re");

    while (file != NULL && fgets(line, sizeof(line), file) != NULL &&
           strncmp(line, "cpu", 3) == 0) {
        int64_t ticks;
        if (isdigit((unsigned char)line[3]) && scheduling->cpu_count < MT_MOST_CPUS &&
            sscanf(line, "cpu%*d %*u %*u %*u %*u %*u %*u %*u %" SCNd64, &ticks) == 1) {
            scheduling->stolen_us[scheduling->cpu_count++] = ticks * us_a_tick;
        }
    }
}

void mt_scheduling_look(pid_t pid, struct mt_scheduling *ret_scheduling)
{
    char folder[32];
    const struct dirent *entry;

    ret_scheduling->at_us = mt_now_us();
    ret_scheduling->thread_count = 0;
    ret_scheduling->cpu_count = 0;
    snprintf(folder, sizeof(folder), "/proc/%d/task", (int)pid);
    DIR *threads = opendir(folder);
    while (threads != NULL && (entry = readdir(threads)) != NULL) {
        pid_t tid = (pid_t)strtol(entry->d_name, NULL, 10);
        if (tid > 0) {
            add_thread(ret_scheduling, pid, tid);
        }
    }
    if (threads != NULL) {
        closedir(threads);
    }
    read_stolen(ret_scheduling);
}

void mt_scheduling_add_ours(struct mt_scheduling *scheduling)
{
    add_thread(scheduling, getpid(), gettid());
}

/* A thread that is missing in an earlier look began after that look, with no time at all. */
static struct mt_thread_time find_thread(const struct mt_scheduling *scheduling, pid_t tid)
{
    for (size_t i = 0; i < scheduling->thread_count; i++) {
        if (scheduling->threads[i].tid == tid) {
            return scheduling->threads[i];
        }
    }
    return (struct mt_thread_time){.tid = tid};
}

static void keep_longer(struct mt_stretch *longest, int64_t us, pid_t tid)
{
    if (us > longest->us) {
        longest->us = us;
        longest->tid = tid;
    }
}

/* What a thread got between two looks. */
struct thread_share {
    int64_t ran_us;
    int64_t waited_us;
    int64_t turns;
};

static struct thread_share share_of(const struct mt_scheduling *from,
                                    const struct mt_thread_time *now)
{
    struct mt_thread_time before = find_thread(from, now->tid);

    return (struct thread_share){(now->ran_ns - before.ran_ns) / 1000,
                                 (now->waited_ns - before.waited_ns) / 1000,
                                 now->turns - before.turns};
}

struct mt_stretch mt_scheduling_longest(const struct mt_scheduling *from,
                                        const struct mt_scheduling *to)
{
    struct mt_stretch longest = {.at_us = to->at_us};
    int64_t between_us = to->at_us - from->at_us;

    for (size_t i = 0; i < to->thread_count; i++) {
        struct thread_share share = share_of(from, &to->threads[i]);
        if (share.turns > 0) {
            keep_longer(&longest, share.waited_us / share.turns, to->threads[i].tid);
            keep_longer(&longest, share.waited_us - (between_us - share.ran_us),
                        to->threads[i].tid);
        }
    }
    for (size_t i = 0; i < to->cpu_count && i < from->cpu_count; i++) {
        int64_t stolen_us = to->stolen_us[i] - from->stolen_us[i];
        if (stolen_us >= between_us / 2) {
            keep_longer(&longest, stolen_us, 0);
        }
    }
    return longest;
}

struct mt_stretch mt_scheduling_most_waited(const struct mt_scheduling *from,
                                            const struct mt_scheduling *to)
{
    struct mt_stretch most = {.at_us = to->at_us};
    int64_t between_us = to->at_us - from->at_us;

    for (size_t i = 0; i < to->thread_count; i++) {
        struct thread_share share = share_of(from, &to->threads[i]);
        int64_t room_us = between_us - share.ran_us;
        keep_longer(&most, share.waited_us < room_us ? share.waited_us : room_us,
                    to->threads[i].tid);
    }
    return most;
}
