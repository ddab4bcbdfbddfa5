/* SPDX-License-Identifier: Apache-2.0 */
/* Compares the memory of two processes, without a copy of the whole. */
#ifndef MT_VERIFY_RAM_MEMORY_H
#define MT_VERIFY_RAM_MEMORY_H

#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

struct mt_ram_memory {
    const char *side;
    pid_t pid;
    uint64_t address;
};

struct mt_ram_difference {
    uint64_t pages;           /* the number of 4 KiB pages that differ */
    uint64_t first_offset;    /* of the first byte that differs */
    unsigned char source[16]; /* the bytes at that offset */
    unsigned char destination[16];
};

/* A function that is called at intervals with the number of bytes compared so far. */
struct mt_ram_listener {
    void *data;
    int64_t every_ms; /* the interval; 0: call it after each chunk */
    void (*compared)(void *data, uint64_t bytes);
};

/*
 * Compares `size` bytes. `listener` may be NULL. Pages that neither process has ever touched are
 * not read. This can be known for private memory that is not a file, and for shared files and
 * memfds; other memory is read completely.
 */
int mt_ram_memory_compare(const struct mt_ram_memory *source,
                          const struct mt_ram_memory *destination, uint64_t size,
                          const struct mt_ram_listener *listener,
                          struct mt_ram_difference *ret_difference, struct mt_error *error);

#endif
