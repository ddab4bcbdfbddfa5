/* SPDX-License-Identifier: Apache-2.0 */
/* A dump of the device state, which is everything that QEMU migrates besides RAM, cut into
 * sections. */
#ifndef MT_STATE_SECTIONS_H
#define MT_STATE_SECTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct mt_section {
    char name[256]; /* QEMU's name: "cpu", "0000:00:1f.2/ahci" */
    uint32_t instance;
    uint32_t version;
    const unsigned char *bytes;
    size_t size;
    const unsigned char *whole; /* the section with its header and its footer */
    size_t whole_size;
};

struct mt_sections {
    char *stream; /* the bytes that the sections point into */
    size_t size;
    struct mt_section *items;
    size_t count;
};

/* A stream begins with a magic number and its format version. */
enum { MT_STREAM_HEADER_SIZE = 8 };

/* Cuts the stream into its sections. Takes over `stream`, even if this fails. */
int mt_sections_parse(char *stream, size_t size, struct mt_sections *ret_sections,
                      struct mt_error *error);
void mt_sections_clear(struct mt_sections *sections);

/* NULL: there is no section of that name and instance. */
const struct mt_section *mt_sections_find(const struct mt_sections *sections, const char *name,
                                          uint32_t instance);

#endif
