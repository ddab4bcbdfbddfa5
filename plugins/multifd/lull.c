/* SPDX-License-Identifier: Apache-2.0 */
#include "plugins/multifd/lull.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

enum {
    TRICKLE = 1000000, /* bytes/s */
    ALIKE = 3,
    MOST_LOOKS = 20000,
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

/* On a busy machine a thread that has something to send may wait for a CPU for long. */
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

void multifd_wait_for_lull(struct mt_vm *source)
{
    int64_t first = transferred(source);
    int64_t last = first;
    int alike = 0;

    mt_set_parameter(source, "max-bandwidth", TRICKLE);
    for (int looks = 0; last == first || alike < ALIKE; looks++) {
        int64_t now = transferred(source);
        assert_true(looks < MOST_LOOKS);
        alike = now == last && all_sleep(mt_pid(source)) ? alike + 1 : 0;
        last = now;
    }
}
