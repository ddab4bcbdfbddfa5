/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/blocks.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

/* NAME, page size with its unit, offset, used, total, and from QEMU 8 on the host address. */
static int parse_line(const char *line, struct mt_block *ret_block)
{
    char name[256];
    uint64_t used;
    uint64_t address = 0;
    int fields = sscanf(line, " %255s %*u %*s %*x %" SCNx64 " %*x %" SCNx64, name, &used, &address);

    if (fields < 2) {
        return -1;
    }
    *ret_block = (struct mt_block){.used = used, .address = fields >= 3 ? address : 0};
    snprintf(ret_block->name, sizeof(ret_block->name), "%s", name);
    return 0;
}

static const uint64_t option_roms = 0xc0000;

/* Machine types up to 3.1 call a backend's RAM by its path, "/objects/mig.mem". */
static const char *short_name(const struct mt_block *block)
{
    const char *slash = strrchr(block->name, '/');

    return slash != NULL ? slash + 1 : block->name;
}

/*
 * An older QEMU tells the host address only of what the guest sees at an address: that of main RAM
 * at 0, that of option ROMs where real mode has them, unless firmware has put RAM in their place,
 * and that of the firmware below 4 GiB.
 */
static bool guest_address(const struct mt_block *block, uint64_t *ret_address)
{
    const uint64_t four_gib = 0x100000000;
    const struct {
        const char *name;
        uint64_t address;
    } places[] = {{"pc.ram", 0},
                  {"mig.mem", 0},
                  {"pc.rom", option_roms},
                  {"pc.bios", four_gib - block->used}};

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (strcmp(short_name(block), places[i].name) == 0) {
            *ret_address = places[i].address;
            return true;
        }
    }
    return false;
}

static int ask_address(struct mt_vm *vm, struct mt_block *block, struct mt_error *error)
{
    char line[64];
    const char *text;
    uint64_t guest;

    if (!guest_address(block, &guest)) {
        return 0;
    }
    snprintf(line, sizeof(line), "gpa2hva 0x%" PRIx64, guest);
    if (mt_vm_hmp(vm, &text, line, error) < 0) {
        return -1;
    }
    const char *address = strstr(text, " is 0x");
    if (address != NULL && guest == option_roms &&
        (strstr(text, "pc.ram)") != NULL || strstr(text, "mig.mem)") != NULL)) {
        return 0;
    }
    if (address == NULL || strstr(text, short_name(block)) == NULL) {
        return mt_fail(error, "the %s does not say where %s lies: %s", vm->side, block->name, text);
    }
    block->address = strtoull(address + strlen(" is "), NULL, 16);
    return 0;
}

int mt_blocks_query(struct mt_vm *vm, struct mt_blocks *ret_blocks, struct mt_error *error)
{
    struct mt_blocks blocks = {0};
    const char *text;
    char *rest = NULL;

    if (mt_vm_hmp(vm, &text, "info ramblock", error) < 0) {
        return -1;
    }
    MT_AUTO_FREE char *copy = mt_text_copy(text);
    for (char *line = strtok_r(copy, "\r\n", &rest); line != NULL;
         line = strtok_r(NULL, "\r\n", &rest)) {
        struct mt_block block;
        if (parse_line(line, &block) < 0) {
            continue;
        }
        if (block.address == 0 && ask_address(vm, &block, error) < 0) {
            mt_blocks_clear(&blocks);
            return -1;
        }
        blocks.blocks = mt_realloc(blocks.blocks, blocks.count + 1, sizeof(*blocks.blocks));
        blocks.blocks[blocks.count++] = block;
    }
    if (blocks.count == 0) {
        return mt_fail(error, "the %s lists no RAM block", vm->side);
    }
    *ret_blocks = blocks;
    return 0;
}

void mt_blocks_clear(struct mt_blocks *blocks)
{
    free(blocks->blocks);
    *blocks = (struct mt_blocks){0};
}

const struct mt_block *mt_blocks_find(const struct mt_blocks *blocks, const char *name)
{
    for (size_t i = 0; i < blocks->count; i++) {
        if (strcmp(blocks->blocks[i].name, name) == 0) {
            return &blocks->blocks[i];
        }
    }
    return NULL;
}
