/* SPDX-License-Identifier: Apache-2.0 */
/* A QEMU's RAM blocks: their names, used lengths, and where they lie in its address space. */
#ifndef MT_VERIFY_RAM_BLOCKS_H
#define MT_VERIFY_RAM_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

#include "lib/vm/vm.h"

struct mt_ram_block {
    char name[256];
    uint64_t used;
    uint64_t address; /* 0: this QEMU does not say */
};

struct mt_ram_blocks {
    struct mt_ram_block *blocks;
    size_t count;
};

int mt_ram_blocks_query(struct mt_vm *vm, struct mt_ram_blocks *ret_blocks, struct mt_error *error);
void mt_ram_blocks_clear(struct mt_ram_blocks *blocks);
const struct mt_ram_block *mt_ram_blocks_find(const struct mt_ram_blocks *blocks, const char *name);

#endif
