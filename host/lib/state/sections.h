/* SPDX-License-Identifier: Apache-2.0 */
/* A dump of all that QEMU migrates besides RAM, cut into its sections. */
#ifndef MT_STATE_SECTIONS_H
#define MT_STATE_SECTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct mt_section {
    char name[256]; /* QEMU's: "cpu", "0000:00:1f.2/ahci" */
    uint32_t instance;
    uint32_t version;
    const unsigned char *bytes;
    size_t size;
    const unsigned char *whole; /* with its header and its footer */
    size_t whole_size;
};

struct mt_sections {
    char *stream; /* owns the bytes */
    size_t size;
    struct mt_section *items;
    size_t count;
};

/* What stands before the first section of a stream: magic and format version. */
enum { MT_STREAM_HEADER_SIZE = 8 };

/* Takes the stream over, in any case. */
int mt_sections_parse(char *stream, size_t size, struct mt_sections *ret_sections,
                      struct mt_error *error);
void mt_sections_clear(struct mt_sections *sections);

/* NULL: there is none of that name and instance. */
const struct mt_section *mt_sections_find(const struct mt_sections *sections, const char *name,
                                          uint32_t instance);

#endif
