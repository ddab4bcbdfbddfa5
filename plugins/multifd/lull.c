/* SPDX-License-Identifier: Apache-2.0 */
#include "plugins/multifd/lull.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

enum {
    TRICKLE = 1000000, /* bytes/s */
    ALIKE = 3,
    MOST_LOOKS = 20000,
    STALL_MS = 500,
    MOST_LATE_MS = 20, /* of the 100 ms from burst to burst */
    MOST_LULLS = 20,
};

static int64_t transferred(struct mt_vm *source)
{
    return mt_reply_int(mt_qmp(source, "query-migrate", NULL), "ram.transferred");
}

/* The names of QEMU 10.0 and of 7.2. */
static bool is_sender(const char *name)
{
    static const char *const prefixes[] = {"mig/src/", "live_migration", "multifdsend"};

    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* On a busy machine, a thread that has something to send may wait long for a CPU. */
static bool is_awake(pid_t pid, const char *thread)
{
    char path[300];
    char name[32];
    char state = 'S';

    snprintf(path, sizeof(path), "/proc/%d/task/%s/stat", (int)pid, thread);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return false;
    }
    int fields = fscanf(file, "%*d (%31[^)]) %c", name, &state);
    fclose(file);
    return fields == 2 && is_sender(name) && state != 'S';
}

static bool all_sleep(pid_t pid)
{
    char path[64];
    const struct dirent *entry;
    bool asleep = true;

    snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
    DIR *threads = opendir(path);
    while (threads != NULL && (entry = readdir(threads)) != NULL) {
        asleep = asleep && (entry->d_name[0] == '.' || !is_awake(pid, entry->d_name));
    }
    if (threads != NULL) {
        closedir(threads);
    }
    return asleep;
}

/* Waits until the source has sent something, and then nothing for some looks. */
static void wait_for_end_of_burst(struct mt_pair *pair)
{
    struct mt_vm *source = mt_source(pair);
    int64_t first = transferred(source);
    int64_t last = first;
    int alike = 0;

    mt_watch_starvation(pair);
    for (int looks = 0; last == first || alike < ALIKE; looks++) {
        int64_t now = transferred(source);
        if (looks >= MOST_LOOKS) {
            mt_fail_unless_starved(pair, STALL_MS, "in %d looks the source sent no burst and slept",
                                   looks);
        }
        alike = now == last && all_sleep(mt_pid(source)) ? alike + 1 : 0;
        if (alike == 1) {
            mt_watch_starvation(pair);
        }
        last = now;
    }
}

void multifd_wait_for_lull(struct mt_pair *pair)
{
    mt_set_parameter(mt_source(pair), "max-bandwidth", TRICKLE);
    for (int lulls = 0; lulls < MOST_LULLS; lulls++) {
        wait_for_end_of_burst(pair);
        if (mt_starved_ms(pair) < MOST_LATE_MS) {
            return;
        }
    }
    mt_fail_unless_starved(pair, MOST_LATE_MS,
                           "none of %d lulls was seen to begin in time to be used", MOST_LULLS);
}
