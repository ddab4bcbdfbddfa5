/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk that both sides can reach belongs to the side that owns the guest. QEMU locks the disk's
 * image, and hands the locks over at the switchover. If both sides wrote to the disk, its content
 * would be lost; if no side held the locks, another program could use the disk.
 */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugins/precopy/precopy.h"

enum { DISK_SIZE = 1024 * 1024 };

const struct mt_machine shared_disk_machine = {
    .size = sizeof(struct mt_machine),
    .args = MT_LIST("-device", "pvscsi,addr=" FREE_SLOT ",id=shared"),
};

static void make_disk(struct mt_pair *pair, char *path, size_t size)
{
    snprintf(path, size, "%s/disk", mt_scratch(pair));
    int fd = mt_own_fd(pair, open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600));
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, DISK_SIZE), 0);
}

static void plug_in(struct mt_vm *vm, const char *path)
{
    mt_qmp(vm, "blockdev-add",
           "{'driver': 'raw', 'node-name': 'shared-disk',"
           " 'file': {'driver': 'file', 'filename': %s, 'locking': 'on'}}",
           path);
    mt_qmp(vm, "device_add", "{'driver': 'scsi-hd', 'bus': 'shared.0', 'drive': 'shared-disk'}");
}

/* QEMU locks single bytes from 100 on, one for each right that it uses or denies to others. */
enum { MOST_BYTES = 512 };
struct locks {
    bool bytes[MOST_BYTES];
};

/* Each lock is a line "lock: 1: OFDLCK ADVISORY READ -1 fd:01:4711 100 101". Neighbouring bytes are
 * one lock. */
static void add_locks_of(const char *descriptor, ino_t inode, struct locks *locks)
{
    char line[256];
    FILE *info = fopen(descriptor, "re");

    while (info != NULL && fgets(line, sizeof(line), info) != NULL) {
        uintmax_t locked;
        size_t first;
        size_t last;
        if (sscanf(line, "lock: %*s %*s %*s %*s %*s %*[^:]:%*[^:]:%ju %zu %zu", &locked, &first,
                   &last) == 3 &&
            locked == inode) {
            for (size_t i = first; i <= last && i < MOST_BYTES; i++) {
                locks->bytes[i] = true;
            }
        }
    }
    if (info != NULL) {
        fclose(info);
    }
}

static struct locks find_locks(struct mt_vm *vm, const char *path)
{
    char folder[64];
    char descriptor[512];
    struct stat disk;
    const struct dirent *entry;
    struct locks locks = {0};

    assert_int_equal(stat(path, &disk), 0);
    snprintf(folder, sizeof(folder), "/proc/%d/fdinfo", (int)mt_pid(vm));
    DIR *descriptors = opendir(folder);
    assert_non_null(descriptors);
    while ((entry = readdir(descriptors)) != NULL) {
        snprintf(descriptor, sizeof(descriptor), "%s/%s", folder, entry->d_name);
        add_locks_of(descriptor, disk.st_ino, &locks);
    }
    closedir(descriptors);
    return locks;
}

static const struct locks none;

static bool same_locks(const struct locks *one, const struct locks *other)
{
    return memcmp(one, other, sizeof(*one)) == 0;
}

static void describe_locks(const struct locks *locks, char *text, size_t size)
{
    size_t used = (size_t)snprintf(text, size, same_locks(locks, &none) ? "no byte" : "bytes");

    for (size_t i = 0; i < MOST_BYTES && used < size; i++) {
        if (locks->bytes[i]) {
            used += (size_t)snprintf(text + used, size - used, " %zu", i);
        }
    }
}

/* With fewer locks than QEMU takes for such a disk, another program could write to the disk. */
static void expect_locks(struct mt_pair *pair, const char *side, struct mt_vm *vm, const char *path,
                         const struct locks *expected)
{
    struct locks found = find_locks(vm, path);
    char found_text[256];
    char expected_text[256];

    if (!same_locks(&found, expected)) {
        describe_locks(&found, found_text, sizeof(found_text));
        describe_locks(expected, expected_text, sizeof(expected_text));
        mt_fail_test(pair, "the %s has locked %s of the disk, expected %s", side, found_text,
                     expected_text);
    }
}

static void start_again(struct mt_pair *pair, const char *path)
{
    plug_in(mt_destination(pair), path);
    expect_locks(pair, "waiting destination", mt_destination(pair), path, &none);
    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true, .pause = true));
    mt_migrate_wait_pass(pair, 1);
    mt_migrate_converge(pair, 0, 0);
    mt_migrate_wait_status(pair, MT_STATUS_PRE_SWITCHOVER);
}

void shared_disk(void **state)
{
    struct mt_pair *pair = *state;
    char path[256];

    make_disk(pair, path, sizeof(path));
    plug_in(mt_source(pair), path);
    struct locks locks = find_locks(mt_source(pair), path);
    if (same_locks(&locks, &none)) {
        mt_fail_test(pair, "the source has locked no byte of the disk");
    }

    start_again(pair, path);
    mt_migrate_cancel(pair);
    expect_locks(pair, "source of a cancelled migration", mt_source(pair), path, &locks);
    mt_wait_exit(mt_destination(pair), 1);
    mt_new_destination(pair);

    start_again(pair, path);
    mt_migrate_finish(pair);
    expect_locks(pair, "source that has migrated", mt_source(pair), path, &none);
    expect_locks(pair, "destination that has the guest", mt_destination(pair), path, &locks);
}
