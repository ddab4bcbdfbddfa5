/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/ram_residency.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"

/* Entries of a pagemap that are read at once. */
enum { MOST_ENTRIES = 256 };

struct mapping {
    uint64_t start;
    uint64_t end;
    uint64_t offset;
    bool shared;
    uint64_t device;
    uint64_t inode;
};

static bool parse_mapping(const char *line, struct mapping *ret_mapping)
{
    struct mapping mapping;
    char flags[8];
    unsigned device_major;
    unsigned device_minor;

    if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %" SCNx64 " %x:%x %" SCNu64, &mapping.start,
               &mapping.end, flags, &mapping.offset, &device_major, &device_minor,
               &mapping.inode) != 7) {
        return false;
    }
    mapping.device = makedev(device_major, device_minor);
    mapping.shared = flags[3] == 's';
    *ret_mapping = mapping;
    return true;
}

static int find_mapping(pid_t pid, uint64_t address, struct mapping *ret_mapping,
                        struct mt_error *error)
{
    MT_AUTO_FREE char *path = mt_text("/proc/%d/maps", (int)pid);
    MT_AUTO_FILE FILE *file = fopen(path, "re");
    MT_AUTO_FREE char *line = NULL;
    size_t room = 0;

    if (file == NULL) {
        return mt_fail_errno(error, "cannot read %s", path);
    }
    while (getline(&line, &room, file) > 0) {
        if (parse_mapping(line, ret_mapping) && ret_mapping->start <= address &&
            address < ret_mapping->end) {
            return 0;
        }
    }
    return mt_fail(error, "nothing is mapped at 0x%" PRIx64, address);
}

/* Opens the mapped file through a descriptor of the QEMU process. QEMU keeps the descriptor of a
 * file that is the memory of its guest. Returns -1 if there is none. */
static int residency_open_file(pid_t pid, const struct mapping *mapping)
{
    MT_AUTO_FREE char *folder = mt_text("/proc/%d/fd", (int)pid);
    MT_AUTO_DIR DIR *dir = opendir(folder);
    const struct dirent *entry;

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        MT_AUTO_FREE char *path = mt_text("%s/%s", folder, entry->d_name);
        struct stat status;
        if (stat(path, &status) == 0 && S_ISREG(status.st_mode) &&
            status.st_dev == mapping->device && status.st_ino == mapping->inode) {
            return open(path, O_RDONLY | O_CLOEXEC);
        }
    }
    return -1;
}

/*
 * Opens what tells which pages were touched: the file itself if the mapping is shared, the pagemap
 * if it is private. Nothing tells it for a private mapping of a file, as an untouched page holds
 * the content of the file.
 */
static int residency_open_record(pid_t pid, const struct mapping *mapping)
{
    MT_AUTO_FREE char *pagemap = mt_text("/proc/%d/pagemap", (int)pid);

    if (mapping->shared) {
        return residency_open_file(pid, mapping);
    }
    return mapping->inode == 0 ? open(pagemap, O_RDONLY | O_CLOEXEC) : -1;
}

int mt_ram_residency_open(pid_t pid, uint64_t address, struct mt_ram_residency *ret_residency,
                          struct mt_error *error)
{
    struct mapping mapping = {0};

    if (find_mapping(pid, address, &mapping, error) < 0) {
        return -1;
    }
    *ret_residency = (struct mt_ram_residency){
        .shared = mapping.shared,
        .device = mapping.device,
        .inode = mapping.inode,
        .fd = residency_open_record(pid, &mapping),
        .base = mapping.shared ? mapping.offset + (address - mapping.start) : address,
    };
    return 0;
}

void mt_ram_residency_close(struct mt_ram_residency *residency)
{
    mt_cleanup_fd(&residency->fd);
    residency->fd = -1;
}

static bool has_data(const struct mt_ram_residency *residency, uint64_t offset, size_t size)
{
    off_t start = (off_t)(residency->base + offset);
    off_t data = lseek(residency->fd, start, SEEK_DATA);

    return data < 0 ? errno != ENXIO : data < start + (off_t)size;
}

static bool has_pages(const struct mt_ram_residency *residency, uint64_t offset, size_t size)
{
    const uint64_t present_or_swapped = (uint64_t)3 << 62;
    uint64_t entries[MOST_ENTRIES];
    const size_t page_size = (size_t)sysconf(_SC_PAGESIZE);
    size_t pages = (size + page_size - 1) / page_size;
    size_t wanted_size = pages * sizeof(entries[0]);
    off_t at = (off_t)((residency->base + offset) / page_size * sizeof(entries[0]));

    if (pages > MOST_ENTRIES ||
        pread(residency->fd, entries, wanted_size, at) != (ssize_t)wanted_size) {
        return true;
    }
    for (size_t i = 0; i < pages; i++) {
        if (entries[i] & present_or_swapped) {
            return true;
        }
    }
    return false;
}

bool mt_ram_residency_touched(const struct mt_ram_residency *residency, uint64_t offset,
                              size_t size)
{
    if (residency->fd < 0) {
        return true;
    }
    return residency->shared ? has_data(residency, offset, size)
                             : has_pages(residency, offset, size);
}
