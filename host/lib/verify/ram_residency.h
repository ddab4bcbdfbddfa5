/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which pages of a piece of another process's memory exist at all: those never touched are zero,
 * but for a file that is mapped privately.
 */
#ifndef MT_VERIFY_RAM_RESIDENCY_H
#define MT_VERIFY_RAM_RESIDENCY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

struct mt_ram_residency {
    bool shared;     /* a file or a memfd, which other processes may have mapped, too */
    uint64_t device; /* of the file */
    uint64_t inode;  /* 0: no file */
    int fd;          /* the file, or the process's pagemap; -1: nothing is known */
    uint64_t base;   /* in the file: of the piece's start; otherwise its address */
};

/* `address` must lie in a mapping of the process. */
int mt_ram_residency_open(pid_t pid, uint64_t address, struct mt_ram_residency *ret_residency,
                          struct mt_error *error);
void mt_ram_residency_close(struct mt_ram_residency *residency);

/* Whether any page there may hold anything; true also where that is not known. */
bool mt_ram_residency_touched(const struct mt_ram_residency *residency, uint64_t offset,
                              size_t size);

#endif
