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
    /* The unit in which differences are counted. It does not depend on the host's page size. */
    REPORTED_PAGE = 4096,
    /* The chunks of both sides fit together into the cache of one core. */
    CHUNK_SIZE = 256 * 1024,
};

/* These buffers are static because fresh ones for each block would cost more time in page faults
 * than the comparison itself. Only one thread uses them. */
static unsigned char source_chunk[CHUNK_SIZE];
static unsigned char destination_chunk[CHUNK_SIZE];

struct memory_side {
    const struct mt_ram_memory *memory;
    const struct mt_ram_residency *residency;
    unsigned char *bytes;
};

struct comparison {
    struct memory_side source;
    struct memory_side destination;
    struct mt_ram_difference difference;
};

static int read_side(const struct memory_side *side, uint64_t offset, size_t size,
                     struct mt_error *error)
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

static void memory_compare_pages(struct comparison *comparison, uint64_t offset, size_t size)
{
    for (size_t page = 0; page < size; page += REPORTED_PAGE) {
        size_t page_size = size - page < REPORTED_PAGE ? size - page : REPORTED_PAGE;
        if (memcmp(comparison->source.bytes + page, comparison->destination.bytes + page,
                   page_size) != 0) {
            note_difference(comparison, offset, page, page_size);
        }
    }
}

static int memory_compare_chunk(struct comparison *comparison, uint64_t offset, size_t size,
                                struct mt_error *error)
{
    /* Look at both sides in any case: the migration may have lost a page that one side has. */
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
        memory_compare_pages(comparison, offset, size);
    }
    return 0;
}

/*
 * If both sides had the same file as their memory, they would be equal whatever the migration did.
 * One shared mapping is enough for that: a page that the private side has not written shows what
 * the shared side writes. Two private mappings are fine: neither side sees the writes of the other.
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

static void memory_report_progress(const struct mt_ram_listener *listener, uint64_t bytes,
                                   int64_t *next_ms)
{
    int64_t now_ms = mt_now_ms();

    if (listener != NULL && now_ms >= *next_ms) {
        *next_ms = now_ms + listener->every_ms;
        listener->compared(listener->data, bytes);
    }
}

static int memory_compare_chunks(struct comparison *comparison, uint64_t size,
                                 const struct mt_ram_listener *listener, struct mt_error *error)
{
    int64_t next_ms = listener != NULL ? mt_now_ms() + listener->every_ms : 0;

    for (uint64_t offset = 0; offset < size; offset += CHUNK_SIZE) {
        uint64_t left = size - offset;
        size_t chunk = left < CHUNK_SIZE ? (size_t)left : CHUNK_SIZE;
        if (memory_compare_chunk(comparison, offset, chunk, error) < 0) {
            return -1;
        }
        memory_report_progress(listener, offset + chunk, &next_ms);
    }
    return 0;
}

int mt_ram_memory_compare(const struct mt_ram_memory *source,
                          const struct mt_ram_memory *destination, uint64_t size,
                          const struct mt_ram_listener *listener,
                          struct mt_ram_difference *ret_difference, struct mt_error *error)
{
    struct mt_ram_residency source_residency = {.fd = -1};
    struct mt_ram_residency destination_residency = {.fd = -1};
    struct comparison comparison = {
        .source = {source, &source_residency, source_chunk},
        .destination = {destination, &destination_residency, destination_chunk},
    };
    int result = -1;

    if (mt_ram_residency_open(source->pid, source->address, &source_residency, error) == 0 &&
        mt_ram_residency_open(destination->pid, destination->address, &destination_residency,
                              error) == 0 &&
        check_apart(&source_residency, &destination_residency, error) == 0) {
        result = memory_compare_chunks(&comparison, size, listener, error);
    }
    mt_ram_residency_close(&source_residency);
    mt_ram_residency_close(&destination_residency);
    *ret_difference = comparison.difference;
    return result;
}
