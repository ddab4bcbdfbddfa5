/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which pages of a mapping in another process were ever touched. A page that was never touched is
 * zero, so the comparison of RAM can skip it. The exception is a file that is mapped privately: its
 * untouched pages show the content of the file.
 */
#ifndef MT_VERIFY_RAM_RESIDENCY_H
#define MT_VERIFY_RAM_RESIDENCY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

struct mt_ram_residency {
    bool shared;     /* a shared mapping of a file or memfd; other processes may map it as well */
    uint64_t device; /* of the file */
    uint64_t inode;  /* of the file; 0: the memory is not a file */
    int fd;          /* the file, or the pagemap of the process; -1: nothing is known */
    uint64_t base;   /* the start of the memory: its offset in the file, or its address */
};

/* `address` must be in a mapping of the process. Offsets are relative to it. */
int mt_ram_residency_open(pid_t pid, uint64_t address, struct mt_ram_residency *ret_residency,
                          struct mt_error *error);
void mt_ram_residency_close(struct mt_ram_residency *residency);

/* Whether a page in this range may have been touched; true also if this is not known. */
bool mt_ram_residency_touched(const struct mt_ram_residency *residency, uint64_t offset,
                              size_t size);

#endif
