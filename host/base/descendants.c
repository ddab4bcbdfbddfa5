/* SPDX-License-Identifier: Apache-2.0 */
#include "base/descendants.h"

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/text.h"

/* How long a process may take to die of SIGKILL. A process that waits for a disk may never die. */
static const int64_t patience_ms = 1500;

/* The longest time, however much memory the processes have to give back. */
static const int64_t longest_patience_ms = 120000;

/* The pause between two looks at a process that cannot be polled. */
static const struct timespec look_pause = {.tv_nsec = 10 * 1000 * 1000};

/* Where there are more processes, each of them has little memory. */
enum { MOST_WEIGHED = 256 };

/* The memory of the processes that are killed. Each process counts once. */
struct weighing {
    pid_t pids[MOST_WEIGHED];
    size_t count;
    int64_t memory;
};

/* For memory that goes back to the kernel page by page: a fifth of the measured speed. */
static const int64_t bytes_given_back_per_ms = 1 << 20;

int64_t mt_dying_ms(int64_t memory)
{
    return memory / bytes_given_back_per_ms;
}

/*
 * The bytes of memory of a process, both its own and those shared with a memfd or a file; 0: the
 * process is gone, or a zombie.
 */
static int64_t resident(pid_t pid)
{
    MT_AUTO_FREE char *path = mt_text("/proc/%d/statm", (int)pid);
    MT_AUTO_FILE FILE *file = fopen(path, "re");
    long long pages = 0;

    return file != NULL && fscanf(file, "%*d %lld", &pages) == 1 ? pages * sysconf(_SC_PAGESIZE)
                                                                 : 0;
}

static FILE *open_children(pid_t pid)
{
    MT_AUTO_FREE char *path = mt_text("/proc/%d/task/%d/children", (int)pid, (int)pid);

    return fopen(path, "re");
}

static void weigh(struct weighing *weighing, pid_t pid)
{
    for (size_t i = 0; i < weighing->count; i++) {
        if (weighing->pids[i] == pid) {
            return;
        }
    }
    if (weighing->count < MOST_WEIGHED) {
        weighing->pids[weighing->count++] = pid;
        weighing->memory += resident(pid);
    }
}

static unsigned kill_family(pid_t pid, int depth, struct weighing *weighing)
{
    const int deepest = 64;
    unsigned count = 1;
    int child;

    /* A stopped process cannot fork while its children are listed. */
    kill(pid, SIGSTOP);
    weigh(weighing, pid);
    MT_AUTO_FILE FILE *children = depth < deepest ? open_children(pid) : NULL;
    while (children != NULL && fscanf(children, "%d", &child) == 1) {
        count += kill_family(child, depth + 1, weighing);
    }
    kill(pid, SIGKILL);
    return count;
}

unsigned mt_kill_family(pid_t pid)
{
    struct weighing weighing = {0};

    return kill_family(pid, 0, &weighing);
}

static bool is_spared(pid_t pid, const pid_t *spare, size_t spare_count)
{
    for (size_t i = 0; i < spare_count; i++) {
        if (spare[i] == pid) {
            return true;
        }
    }
    return false;
}

static bool ends_until(pid_t child, int64_t deadline_ms)
{
    MT_AUTO_FD int watched = (int)syscall(SYS_pidfd_open, child, 0);
    struct pollfd end = {.fd = watched, .events = POLLIN};
    int64_t left = deadline_ms - mt_now_ms();

    if (watched < 0) {
        nanosleep(&look_pause, NULL);
    } else if (left > 0) {
        (void)poll(&end, 1, (int)left);
    }
    return waitpid(child, NULL, WNOHANG) != 0;
}

static int64_t deadline_of(int64_t begun_ms, const struct weighing *weighing)
{
    int64_t patience = patience_ms + mt_dying_ms(weighing->memory);

    return begun_ms + (patience < longest_patience_ms ? patience : longest_patience_ms);
}

/*
 * Kills all children that there are now, and waits for them. Meanwhile their orphans become our
 * children.
 */
static unsigned kill_once(const pid_t *spare, size_t spare_count, int64_t begun_ms,
                          struct weighing *weighing)
{
    MT_AUTO_FILE FILE *children = open_children(getpid());
    unsigned count = 0;
    int child;

    while (children != NULL && fscanf(children, "%d", &child) == 1) {
        /* A child that had ended before needs no killing, only waiting. */
        if (!is_spared(child, spare, spare_count) && waitpid(child, NULL, WNOHANG) == 0) {
            count += kill_family(child, 0, weighing);
            if (!ends_until(child, deadline_of(begun_ms, weighing))) {
                break;
            }
        }
    }
    return count;
}

static bool has_children(const pid_t *spare, size_t spare_count)
{
    MT_AUTO_FILE FILE *children = open_children(getpid());
    int child;

    while (children != NULL && fscanf(children, "%d", &child) == 1) {
        if (!is_spared(child, spare, spare_count)) {
            return true;
        }
    }
    return false;
}

static void name_survivors(const pid_t *spare, size_t spare_count, struct mt_strings *survivors)
{
    MT_AUTO_FILE FILE *children = open_children(getpid());
    int child;

    while (children != NULL && fscanf(children, "%d", &child) == 1) {
        char name[32] = "?";
        if (is_spared(child, spare, spare_count)) {
            continue;
        }
        MT_AUTO_FREE char *path = mt_text("/proc/%d/comm", child);
        MT_AUTO_FILE FILE *file = fopen(path, "re");
        if (file != NULL && fgets(name, sizeof(name), file) != NULL) {
            name[strcspn(name, "\n")] = '\0';
        }
        mt_strings_add(survivors, "%s (process %d)", name, child);
    }
}

unsigned mt_kill_children(const pid_t *spare, size_t spare_count, struct mt_strings *ret_survivors)
{
    struct weighing weighing = {0};
    int64_t begun = mt_now_ms();
    unsigned count = 0;

    while (has_children(spare, spare_count) && mt_now_ms() < deadline_of(begun, &weighing)) {
        count += kill_once(spare, spare_count, begun, &weighing);
    }
    if (ret_survivors != NULL) {
        name_survivors(spare, spare_count, ret_survivors);
    }
    return count;
}
