/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk that both sides can reach belongs to the side that owns the guest: QEMU locks its image,
 * and hands the locks over at the switchover. If both wrote to it, its content would be lost; if
 * neither held the locks, somebody else could take it.
 */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
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

/* Each is a line "lock: 1: OFDLCK ADVISORY READ -1 fd:01:4711 100 100". */
static unsigned count_locks_of(const char *descriptor, ino_t inode)
{
    char line[256];
    unsigned count = 0;
    FILE *info = fopen(descriptor, "re");

    while (info != NULL && fgets(line, sizeof(line), info) != NULL) {
        uintmax_t locked;
        count += sscanf(line, "lock: %*s %*s %*s %*s %*s %*[^:]:%*[^:]:%ju", &locked) == 1 &&
                 locked == inode;
    }
    if (info != NULL) {
        fclose(info);
    }
    return count;
}

static unsigned count_locks(struct mt_vm *vm, const char *path)
{
    char folder[64];
    char descriptor[512];
    struct stat disk;
    const struct dirent *entry;
    unsigned count = 0;

    assert_int_equal(stat(path, &disk), 0);
    snprintf(folder, sizeof(folder), "/proc/%d/fdinfo", (int)mt_pid(vm));
    DIR *descriptors = opendir(folder);
    assert_non_null(descriptors);
    while ((entry = readdir(descriptors)) != NULL) {
        snprintf(descriptor, sizeof(descriptor), "%s/%s", folder, entry->d_name);
        count += count_locks_of(descriptor, disk.st_ino);
    }
    closedir(descriptors);
    return count;
}

static void start_anew(struct mt_pair *pair, const char *path)
{
    plug_in(mt_destination(pair), path);
    assert_int_equal(count_locks(mt_destination(pair), path), 0);
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
    unsigned locks = count_locks(mt_source(pair), path);
    assert_true(locks > 0);

    start_anew(pair, path);
    mt_migrate_cancel(pair);
    assert_int_equal(count_locks(mt_source(pair), path), locks);
    mt_wait_exit(mt_destination(pair), 1);
    mt_new_destination(pair);

    start_anew(pair, path);
    mt_migrate_finish(pair);
    assert_int_equal(count_locks(mt_source(pair), path), 0);
    assert_int_equal(count_locks(mt_destination(pair), path), locks);
}
