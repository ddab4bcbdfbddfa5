/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/ram_blocks.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

/* A line has the name, the page size with its unit, the offset, the used size, the total size and,
 * from QEMU 8 on, the host address. */
static int ram_block_parse(const char *line, struct mt_ram_block *ret_block)
{
    char name[256];
    uint64_t used;
    uint64_t address = 0;
    int fields = sscanf(line, " %255s %*u %*s %*x %" SCNx64 " %*x %" SCNx64, name, &used, &address);

    if (fields < 2) {
        return -1;
    }
    *ret_block = (struct mt_ram_block){.used = used, .address = fields >= 3 ? address : 0};
    snprintf(ret_block->name, sizeof(ret_block->name), "%s", name);
    return 0;
}

static const uint64_t option_roms = 0xc0000;

static const char *name_without_path(const char *name)
{
    const char *slash = strrchr(name, '/');

    return slash != NULL ? slash + 1 : name;
}

/* Machine types up to 3.1 use the path of a memory backend, such as "/objects/mig.mem", as the name
 * of the block and of the region. */
static struct mt_ram_block *find_region(const struct mt_ram_blocks *blocks, const char *region)
{
    for (size_t i = 0; i < blocks->count; i++) {
        struct mt_ram_block *block = &blocks->blocks[i];
        if (strcmp(name_without_path(block->name), name_without_path(region)) == 0) {
            return block;
        }
    }
    return NULL;
}

/* Asks for the host address of guest address `guest`, and stores it in the block that begins there.
 * QEMU's answer is "Host virtual address for 0x0 (pc.ram) is 0x7f12...". */
static int place_block_at(struct mt_vm *vm, const struct mt_ram_blocks *blocks, uint64_t guest,
                          struct mt_error *error)
{
    char line[64];
    MT_AUTO_FREE char *text = NULL;

    snprintf(line, sizeof(line), "gpa2hva 0x%" PRIx64, guest);
    if (mt_vm_hmp(vm, &text, line, error) < 0) {
        return -1;
    }
    const char *name = strchr(text, '(');
    const char *address = strstr(text, ") is 0x");
    if (name == NULL || address == NULL || address < name) {
        return 0;
    }
    MT_AUTO_FREE char *region = mt_text("%.*s", (int)(address - name - 1), name + 1);
    struct mt_ram_block *block = find_region(blocks, region);
    if (block != NULL && block->address == 0) {
        block->address = strtoull(address + strlen(") is "), NULL, 16);
    }
    return 0;
}

/*
 * A QEMU before 8 shows the host address only for guest addresses. Three blocks can be found this
 * way: the main RAM, which begins at 0; the option ROMs, at their address in real mode; and the
 * firmware, which ends at 4 GiB. Firmware may have put RAM in the place of the option ROMs: then
 * the answer is about main RAM, which already has its address.
 */
static int place_blocks(struct mt_vm *vm, const struct mt_ram_blocks *blocks,
                        struct mt_error *error)
{
    const uint64_t four_gib = 0x100000000;
    const struct mt_ram_block *firmware = find_region(blocks, "pc.bios");

    if (place_block_at(vm, blocks, 0, error) < 0 ||
        place_block_at(vm, blocks, option_roms, error) < 0) {
        return -1;
    }
    return firmware == NULL ? 0 : place_block_at(vm, blocks, four_gib - firmware->used, error);
}

int mt_ram_blocks_query(struct mt_vm *vm, struct mt_ram_blocks *ret_blocks, struct mt_error *error)
{
    struct mt_ram_blocks blocks = {0};
    MT_AUTO_FREE char *text = NULL;
    char *rest = NULL;
    bool has_addresses = false;

    if (mt_vm_hmp(vm, &text, "info ramblock", error) < 0) {
        return -1;
    }
    for (char *line = strtok_r(text, "\r\n", &rest); line != NULL;
         line = strtok_r(NULL, "\r\n", &rest)) {
        struct mt_ram_block block;
        if (ram_block_parse(line, &block) < 0) {
            continue;
        }
        has_addresses |= block.address != 0;
        blocks.blocks = mt_realloc(blocks.blocks, blocks.count + 1, sizeof(*blocks.blocks));
        blocks.blocks[blocks.count++] = block;
    }
    if (blocks.count == 0) {
        return mt_fail(error, "the %s lists no RAM block", vm->side);
    }
    if (!has_addresses && place_blocks(vm, &blocks, error) < 0) {
        mt_ram_blocks_clear(&blocks);
        return -1;
    }
    *ret_blocks = blocks;
    return 0;
}

void mt_ram_blocks_clear(struct mt_ram_blocks *blocks)
{
    free(blocks->blocks);
    *blocks = (struct mt_ram_blocks){0};
}

const struct mt_ram_block *mt_ram_blocks_find(const struct mt_ram_blocks *blocks, const char *name)
{
    for (size_t i = 0; i < blocks->count; i++) {
        if (strcmp(blocks->blocks[i].name, name) == 0) {
            return &blocks->blocks[i];
        }
    }
    return NULL;
}
