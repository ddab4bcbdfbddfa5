/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/process/belongings.h"

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
 * Whether a thread of that name may start and end without regard to a migration. QEMU's pool for
 * disk requests keeps idle threads for ten seconds. A limit on the dirty rate has a thread while
 * the limit is in service, which may be longer than a migration. The other threads are the
 * kernel's, which shows them under the process that they work for. KVM starts its own when the VM
 * first runs.
 */
static bool is_independent(const char *name)
{
    static const char *const prefixes[] = {"worker\n", "dirtyrate-stat", "kvm-nx-lpage-re",
                                           "vhost-", "iou-wrk-"};

    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0) {
            return true;
        }
    }
    return false;
}

static void count_belonging(struct mt_belongings *counted, enum mt_belonging kind, const char *id,
                            const char *name)
{
    counted->counts[kind]++;
    mt_strings_add(&counted->names[kind], "%s (%s)", id, name);
}

/* A descriptor that was closed after the folder was read is not counted. */
static void count_descriptor(const char *folder, const char *name, struct mt_belongings *counted)
{
    MT_AUTO_FREE char *path = mt_text("%s/%s", folder, name);
    char target[256];
    ssize_t size = readlink(path, target, sizeof(target) - 1);

    if (size > 0) {
        target[size] = '\0';
        count_belonging(counted, kind_of(target), name, target);
    }
}

/* A thread that has ended after the folder was read is not counted. */
static void count_thread(const char *folder, const char *thread, struct mt_belongings *counted)
{
    MT_AUTO_FREE char *path = mt_text("%s/%s/comm", folder, thread);
    MT_AUTO_FILE FILE *file = fopen(path, "re");
    char name[32] = "";

    if (file != NULL && fgets(name, sizeof(name), file) != NULL && !is_independent(name)) {
        name[strcspn(name, "\n")] = '\0';
        count_belonging(counted, MT_THREADS, thread, name);
    }
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
        mt_belongings_clear(&counted);
        return -1;
    }
    *ret_belongings = counted;
    return 0;
}

void mt_belongings_clear(struct mt_belongings *belongings)
{
    for (int i = 0; i < MT_BELONGINGS; i++) {
        mt_strings_clear(&belongings->names[i]);
    }
    *belongings = (struct mt_belongings){0};
}

/* ": 4712 (nbd-connect), 4713 (mig/dst/main)", with eight names at most. */
static char *name_new(const struct mt_strings *before, const struct mt_strings *now)
{
    const size_t most = 8;
    size_t count = 0;
    char *text = mt_text_copy("");

    for (size_t i = 0; i < now->count && count <= most; i++) {
        if (mt_strings_contain(before, now->items[i])) {
            continue;
        }
        const char *separator = count == 0 ? ": " : ", ";
        mt_text_append(&text, "%s%s", separator, count < most ? now->items[i] : "...");
        count++;
    }
    return text;
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
            MT_AUTO_FREE char *new = name_new(&before->names[i], &now->names[i]);
            mt_text_append_item(&growth, "; ", "%zu %s (%zu before)%s", now->counts[i], names[i],
                                before->counts[i], new);
        }
    }
    return growth;
}
