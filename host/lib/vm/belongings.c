/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/vm/belongings.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"

static enum mt_belonging kind_of(const char *target)
{
    static const struct {
        const char *prefix;
        enum mt_belonging kind;
    } kinds[] = {{"socket:", MT_SOCKETS},
                 {"pipe:", MT_PIPES},
                 {"anon_inode:", MT_ANONYMOUS},
                 {"/memfd:", MT_ANONYMOUS}};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strncmp(target, kinds[i].prefix, strlen(kinds[i].prefix)) == 0) {
            return kinds[i].kind;
        }
    }
    return MT_FILES;
}

/*
 * By their names: QEMU's pool for disk requests keeps idle threads for ten seconds, migration or
 * not; a limit on the dirty rate has a thread for as long as it is in service, which may be longer
 * than a migration; the others are the kernel's, which shows them under the process that they work
 * for. KVM starts its own when the VM first runs.
 */
static bool comes_and_goes(const char *folder, const char *thread)
{
    static const char *const prefixes[] = {"worker\n", "dirtyrate-stat", "kvm-nx-lpage-re",
                                           "vhost-", "iou-wrk-"};
    MT_AUTO_FREE char *path = mt_text("%s/%s/comm", folder, thread);
    MT_AUTO_FILE FILE *file = fopen(path, "re");
    char name[32] = "";

    /* One that is gone between two looks. */
    if (file == NULL || fgets(name, sizeof(name), file) == NULL) {
        return true;
    }
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* One that is gone between two looks is not counted. */
static void count_descriptor(const char *folder, const char *name, struct mt_belongings *counted)
{
    MT_AUTO_FREE char *path = mt_text("%s/%s", folder, name);
    char target[256];
    ssize_t size = readlink(path, target, sizeof(target) - 1);

    if (size > 0) {
        target[size] = '\0';
        counted->counts[kind_of(target)]++;
    }
}

static void count_thread(const char *folder, const char *name, struct mt_belongings *counted)
{
    counted->counts[MT_THREADS] += !comes_and_goes(folder, name);
}

static int count_in(pid_t pid, const char *what,
                    void (*count)(const char *folder, const char *name,
                                  struct mt_belongings *counted),
                    struct mt_belongings *counted, struct mt_error *error)
{
    MT_AUTO_FREE char *folder = mt_text("/proc/%d/%s", (int)pid, what);
    MT_AUTO_DIR DIR *dir = opendir(folder);
    const struct dirent *entry;

    if (dir == NULL) {
        return mt_fail_errno(error, "cannot look into %s", folder);
    }
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] != '.') {
            count(folder, entry->d_name, counted);
        }
    }
    return 0;
}

int mt_belongings_count(pid_t pid, struct mt_belongings *ret_belongings, struct mt_error *error)
{
    struct mt_belongings counted = {0};

    if (count_in(pid, "fd", count_descriptor, &counted, error) < 0 ||
        count_in(pid, "task", count_thread, &counted, error) < 0) {
        return -1;
    }
    *ret_belongings = counted;
    return 0;
}

char *mt_belongings_growth(const struct mt_belongings *before, const struct mt_belongings *now)
{
    static const char *const names[] = {
        [MT_SOCKETS] = "sockets",
        [MT_PIPES] = "pipes",
        [MT_ANONYMOUS] = "anonymous descriptors",
        [MT_FILES] = "files",
        [MT_THREADS] = "threads",
    };
    char *growth = NULL;

    for (int i = 0; i < MT_BELONGINGS; i++) {
        if (now->counts[i] > before->counts[i]) {
            char *longer =
                mt_text("%s%s%zu %s (%zu before)", growth != NULL ? growth : "",
                        growth != NULL ? ", " : "", now->counts[i], names[i], before->counts[i]);
            free(growth);
            growth = longer;
        }
    }
    return growth;
}
