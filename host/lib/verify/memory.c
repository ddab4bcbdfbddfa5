/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"

enum {
    PAGE_SIZE = 4096,
    /* Small enough to stay in the cache while it is compared. */
    CHUNK_SIZE = 1024 * 1024,
    CHUNK_PAGES = CHUNK_SIZE / PAGE_SIZE,
};

struct side {
    const struct mt_memory *memory;
    int pagemap; /* -1: not of use */
    unsigned char *bytes;
    uint64_t entries[CHUNK_PAGES];
};

struct comparison {
    struct side source;
    struct side destination;
    struct mt_difference difference;
};

static int open_pagemap(pid_t pid)
{
    MT_AUTO_FREE char *path = mt_text("/proc/%d/pagemap", (int)pid);

    return open(path, O_RDONLY | O_CLOEXEC);
}

static int read_side(const struct side *side, uint64_t offset, size_t size, struct mt_error *error)
{
    struct iovec local = {.iov_base = side->bytes, .iov_len = size};
    struct iovec remote = {.iov_base = (void *)(uintptr_t)(side->memory->address + offset),
                           .iov_len = size};

    if (process_vm_readv(side->memory->pid, &local, 1, &remote, 1, 0) != (ssize_t)size) {
        return mt_fail_errno(error, "cannot read the memory of the %s", side->memory->side);
    }
    return 0;
}

static bool touched(struct side *side, uint64_t offset, size_t size)
{
    const uint64_t present_or_swapped = (uint64_t)3 << 62;
    size_t pages = (size + PAGE_SIZE - 1) / PAGE_SIZE;
    size_t wanted = pages * sizeof(uint64_t);
    off_t at = (off_t)((side->memory->address + offset) / PAGE_SIZE * sizeof(uint64_t));

    if (side->pagemap < 0 || pread(side->pagemap, side->entries, wanted, at) != (ssize_t)wanted) {
        return true;
    }
    for (size_t i = 0; i < pages; i++) {
        if (side->entries[i] & present_or_swapped) {
            return true;
        }
    }
    return false;
}

static void note_difference(struct comparison *comparison, uint64_t offset, size_t page,
                            size_t page_size)
{
    const unsigned char *source = comparison->source.bytes + page;
    const unsigned char *destination = comparison->destination.bytes + page;
    struct mt_difference *difference = &comparison->difference;
    size_t at = 0;

    if (difference->pages++ > 0) {
        return;
    }
    while (source[at] == destination[at]) {
        at++;
    }
    size_t left = page_size - at;
    size_t shown = left < sizeof(difference->source) ? left : sizeof(difference->source);
    difference->first_offset = offset + page + at;
    memcpy(difference->source, source + at, shown);
    memcpy(difference->destination, destination + at, shown);
}

static void compare_pages(struct comparison *comparison, uint64_t offset, size_t size)
{
    for (size_t page = 0; page < size; page += PAGE_SIZE) {
        size_t page_size = size - page < PAGE_SIZE ? size - page : PAGE_SIZE;
        if (memcmp(comparison->source.bytes + page, comparison->destination.bytes + page,
                   page_size) != 0) {
            note_difference(comparison, offset, page, page_size);
        }
    }
}

static int compare_chunk(struct comparison *comparison, uint64_t offset, size_t size,
                         struct mt_error *error)
{
    /* Both are asked in any case: a page that only one side has is the very thing looked for. */
    bool source_touched = touched(&comparison->source, offset, size);
    bool destination_touched = touched(&comparison->destination, offset, size);

    if (!source_touched && !destination_touched) {
        return 0;
    }
    if (read_side(&comparison->source, offset, size, error) < 0 ||
        read_side(&comparison->destination, offset, size, error) < 0) {
        return -1;
    }
    if (memcmp(comparison->source.bytes, comparison->destination.bytes, size) != 0) {
        compare_pages(comparison, offset, size);
    }
    return 0;
}

int mt_memory_compare(const struct mt_memory *source, const struct mt_memory *destination,
                      uint64_t size, bool private, struct mt_difference *ret_difference,
                      struct mt_error *error)
{
    MT_AUTO_FREE unsigned char *buffers = mt_alloc(2, CHUNK_SIZE);
    MT_AUTO_FREE struct comparison *comparison = mt_alloc(1, sizeof(*comparison));
    MT_AUTO_FD int source_pagemap = private ? open_pagemap(source->pid) : -1;
    MT_AUTO_FD int destination_pagemap = private ? open_pagemap(destination->pid) : -1;

    comparison->source = (struct side){source, source_pagemap, buffers, {0}};
    comparison->destination =
        (struct side){destination, destination_pagemap, buffers + CHUNK_SIZE, {0}};
    for (uint64_t offset = 0; offset < size; offset += CHUNK_SIZE) {
        uint64_t left = size - offset;
        size_t chunk = left < CHUNK_SIZE ? (size_t)left : CHUNK_SIZE;
        if (compare_chunk(comparison, offset, chunk, error) < 0) {
            return -1;
        }
    }
    *ret_difference = comparison->difference;
    return 0;
}
