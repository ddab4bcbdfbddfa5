/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/ram_memory.h"

#include <inttypes.h>
#include <string.h>
#include <sys/uio.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/text.h"
#include "lib/verify/ram_residency.h"

enum {
    /* The unit of what is reported, whatever size the host's pages have. */
    REPORTED_PAGE = 4096,
    /* Of both sides small enough to stay in a core's own cache while it is compared. */
    CHUNK_SIZE = 256 * 1024,
};

/* Used again for each block, as fresh ones would spend more time on page faults than on comparing;
 * one thread compares. */
static unsigned char source_chunk[CHUNK_SIZE];
static unsigned char destination_chunk[CHUNK_SIZE];

struct side {
    const struct mt_ram_memory *memory;
    const struct mt_ram_residency *residency;
    unsigned char *bytes;
};

struct comparison {
    struct side source;
    struct side destination;
    struct mt_ram_difference difference;
};

static int read_side(const struct side *side, uint64_t offset, size_t size, struct mt_error *error)
{
    struct iovec local = {.iov_base = side->bytes, .iov_len = size};
    struct iovec remote = {.iov_base = (void *)(uintptr_t)(side->memory->address + offset),
                           .iov_len = size};

    ssize_t got = process_vm_readv(side->memory->pid, &local, 1, &remote, 1, 0);
    if (got < 0) {
        return mt_fail_errno(error, "cannot read the memory of the %s", side->memory->side);
    }
    return (size_t)got == size ? 0
                               : mt_fail(error, "of %zu bytes of the %s's memory %zd could be read",
                                         size, side->memory->side, got);
}

static void note_difference(struct comparison *comparison, uint64_t offset, size_t page,
                            size_t page_size)
{
    const unsigned char *source = comparison->source.bytes + page;
    const unsigned char *destination = comparison->destination.bytes + page;
    struct mt_ram_difference *difference = &comparison->difference;
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
    for (size_t page = 0; page < size; page += REPORTED_PAGE) {
        size_t page_size = size - page < REPORTED_PAGE ? size - page : REPORTED_PAGE;
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
    bool source_touched = mt_ram_residency_touched(comparison->source.residency, offset, size);
    bool destination_touched =
        mt_ram_residency_touched(comparison->destination.residency, offset, size);

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

/*
 * One file under both sides would compare equal whatever the migration did, even if one side has
 * mapped it privately: a page that this side never wrote to shows what the other writes. Where both
 * have, each side's writes are its own.
 */
static int check_apart(const struct mt_ram_residency *source,
                       const struct mt_ram_residency *destination, struct mt_error *error)
{
    if ((source->shared || destination->shared) && source->device == destination->device &&
        source->inode == destination->inode) {
        return mt_fail(
            error, "source and destination have the same file (inode %" PRIu64 ") as their memory",
            source->inode);
    }
    return 0;
}

static void tell_compared(const struct mt_ram_listener *listener, uint64_t bytes, int64_t *next_ms)
{
    int64_t now_ms = mt_now_ms();

    if (listener != NULL && now_ms >= *next_ms) {
        *next_ms = now_ms + listener->every_ms;
        listener->compared(listener->data, bytes);
    }
}

static int compare_chunks(struct comparison *comparison, uint64_t size,
                          const struct mt_ram_listener *listener, struct mt_error *error)
{
    int64_t next_ms = listener != NULL ? mt_now_ms() + listener->every_ms : 0;

    for (uint64_t offset = 0; offset < size; offset += CHUNK_SIZE) {
        uint64_t left = size - offset;
        size_t chunk = left < CHUNK_SIZE ? (size_t)left : CHUNK_SIZE;
        if (compare_chunk(comparison, offset, chunk, error) < 0) {
            return -1;
        }
        tell_compared(listener, offset + chunk, &next_ms);
    }
    return 0;
}

int mt_ram_memory_compare(const struct mt_ram_memory *source,
                          const struct mt_ram_memory *destination, uint64_t size,
                          const struct mt_ram_listener *listener,
                          struct mt_ram_difference *ret_difference, struct mt_error *error)
{
    struct mt_ram_residency ours = {.fd = -1};
    struct mt_ram_residency theirs = {.fd = -1};
    struct comparison comparison = {
        .source = {source, &ours, source_chunk},
        .destination = {destination, &theirs, destination_chunk},
    };
    int result = -1;

    if (mt_ram_residency_open(source->pid, source->address, &ours, error) == 0 &&
        mt_ram_residency_open(destination->pid, destination->address, &theirs, error) == 0 &&
        check_apart(&ours, &theirs, error) == 0) {
        result = compare_chunks(&comparison, size, listener, error);
    }
    mt_ram_residency_close(&ours);
    mt_ram_residency_close(&theirs);
    *ret_difference = comparison.difference;
    return result;
}
