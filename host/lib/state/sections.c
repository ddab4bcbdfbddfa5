/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/state/sections.h"

#include <endian.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* The bytes that begin and end the parts of QEMU's migration stream. */
enum {
    END_OF_STREAM = 0x00,
    FULL_SECTION = 0x04,
    SECTION_FOOTER = 0x7e,
    FOOTER_SIZE = 1 + sizeof(uint32_t),
};

struct cursor {
    const unsigned char *bytes;
    size_t size;
    size_t at;
};

static uint32_t section_number_at(const unsigned char *bytes)
{
    uint32_t number;

    memcpy(&number, bytes, sizeof(number));
    return be32toh(number);
}

static bool is_name(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] < ' ' || bytes[i] > '~') {
            return false;
        }
    }
    return size > 0;
}

/* The size of the section header at the cursor; 0: there is none. A header has the kind, the id,
 * the size of the name, the name, the instance and the version. */
static size_t header_size(const struct cursor *cursor)
{
    const size_t before_name = 1 + sizeof(uint32_t) + 1;
    const unsigned char *bytes = cursor->bytes + cursor->at;
    size_t left = cursor->size - cursor->at;

    if (left < before_name || bytes[0] != FULL_SECTION) {
        return 0;
    }
    size_t name_size = bytes[before_name - 1];
    size_t size = before_name + name_size + 2 * sizeof(uint32_t);
    return left >= size && is_name(bytes + before_name, name_size) ? size : 0;
}

static bool ends_here(const struct cursor *cursor)
{
    return cursor->at + 1 == cursor->size && cursor->bytes[cursor->at] == END_OF_STREAM;
}

/*
 * Finds the end of a section. The stream does not have the sizes of sections, but each ends with a
 * footer that has its id. Such bytes are a footer only if the next section or the end of the stream
 * follows.
 */
static bool find_footer(struct cursor *cursor, uint32_t id, size_t *ret_end)
{
    for (size_t end = cursor->at; end + FOOTER_SIZE < cursor->size; end++) {
        struct cursor after = {cursor->bytes, cursor->size, end + FOOTER_SIZE};
        if (cursor->bytes[end] == SECTION_FOOTER &&
            section_number_at(cursor->bytes + end + 1) == id &&
            (header_size(&after) > 0 || ends_here(&after))) {
            *ret_end = end;
            cursor->at = after.at;
            return true;
        }
    }
    return false;
}

static int parse_section(struct cursor *cursor, struct mt_section *ret_section,
                         struct mt_error *error)
{
    size_t header = header_size(cursor);
    const unsigned char *bytes = cursor->bytes + cursor->at;
    size_t end;

    if (header == 0) {
        return mt_fail(error, "no section begins at offset %zu of the device state", cursor->at);
    }
    uint32_t id = section_number_at(bytes + 1);
    size_t name_size = bytes[1 + sizeof(id)];
    const unsigned char *name = bytes + 1 + sizeof(id) + 1;
    size_t start = cursor->at + header;

    *ret_section = (struct mt_section){.bytes = cursor->bytes + start, .whole = bytes};
    memcpy(ret_section->name, name, name_size);
    ret_section->instance = section_number_at(name + name_size);
    ret_section->version = section_number_at(name + name_size + sizeof(uint32_t));
    cursor->at = start;
    if (!find_footer(cursor, id, &end)) {
        return mt_fail(error, "section %s of the device state has no end", ret_section->name);
    }
    ret_section->size = end - start;
    ret_section->whole_size = (size_t)(cursor->bytes + cursor->at - bytes);
    return 0;
}

static int sections_parse_all(struct cursor *cursor, struct mt_sections *sections,
                              struct mt_error *error)
{
    static const char magic[MT_STREAM_HEADER_SIZE] = {'Q', 'E', 'V', 'M', 0, 0, 0, 3};

    if (cursor->size < sizeof(magic) || memcmp(cursor->bytes, magic, sizeof(magic)) != 0) {
        return mt_fail(error, "the device state does not begin as a stream of version 3");
    }
    for (cursor->at = sizeof(magic); !ends_here(cursor);) {
        struct mt_section section;
        if (parse_section(cursor, &section, error) < 0) {
            return -1;
        }
        sections->items =
            mt_realloc(sections->items, sections->count + 1, sizeof(*sections->items));
        sections->items[sections->count++] = section;
    }
    return 0;
}

int mt_sections_parse(char *stream, size_t size, struct mt_sections *ret_sections,
                      struct mt_error *error)
{
    struct mt_sections sections = {.stream = stream, .size = size};
    struct cursor cursor = {(const unsigned char *)stream, size, 0};

    if (sections_parse_all(&cursor, &sections, error) < 0) {
        mt_sections_clear(&sections);
        return -1;
    }
    *ret_sections = sections;
    return 0;
}

void mt_sections_clear(struct mt_sections *sections)
{
    free(sections->items);
    free(sections->stream);
    *sections = (struct mt_sections){0};
}

const struct mt_section *mt_sections_find(const struct mt_sections *sections, const char *name,
                                          uint32_t instance)
{
    for (size_t i = 0; i < sections->count; i++) {
        const struct mt_section *section = &sections->items[i];
        if (section->instance == instance && strcmp(section->name, name) == 0) {
            return section;
        }
    }
    return NULL;
}
