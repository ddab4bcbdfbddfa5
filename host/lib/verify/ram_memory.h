/* SPDX-License-Identifier: Apache-2.0 */
/* The memory of two processes, compared in place. */
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
    uint64_t pages;           /* how many 4 KiB pages differ */
    uint64_t first_offset;    /* of the first byte that does */
    unsigned char source[16]; /* the bytes there */
    unsigned char destination[16];
};

/* Who is told now and then how many bytes have been compared. */
struct mt_ram_listener {
    void *data;
    int64_t every_ms; /* 0: after each part that is compared at once */
    void (*compared)(void *data, uint64_t bytes);
};

/*
 * Pages that neither process ever touched are not read, where that can be told: of private memory
 * that is no file's, and of shared files and memfds. `listener` may be NULL.
 */
int mt_ram_memory_compare(const struct mt_ram_memory *source,
                          const struct mt_ram_memory *destination, uint64_t size,
                          const struct mt_ram_listener *listener,
                          struct mt_ram_difference *ret_difference, struct mt_error *error);

#endif
