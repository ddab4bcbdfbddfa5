/* SPDX-License-Identifier: Apache-2.0 */
/* The RAM blocks of a QEMU: their names, their used sizes, and their addresses in the QEMU process.
 */
#ifndef MT_VERIFY_RAM_BLOCKS_H
#define MT_VERIFY_RAM_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

#include "lib/vm/vm.h"

struct mt_ram_block {
    char name[256];
    uint64_t used;    /* bytes */
    uint64_t address; /* in the QEMU process; 0: this QEMU does not show it */
};

struct mt_ram_blocks {
    struct mt_ram_block *blocks;
    size_t count;
};

/* Asks the QEMU. Clear the result with mt_ram_blocks_clear. */
int mt_ram_blocks_query(struct mt_vm *vm, struct mt_ram_blocks *ret_blocks, struct mt_error *error);
void mt_ram_blocks_clear(struct mt_ram_blocks *blocks);

/* NULL: there is no block of that name. */
const struct mt_ram_block *mt_ram_blocks_find(const struct mt_ram_blocks *blocks, const char *name);

#endif
