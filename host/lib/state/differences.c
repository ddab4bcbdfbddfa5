/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/state/differences.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "lib/state/fields.h"

/* One side's section with its layout. */
struct side {
    const struct mt_section *section;
    struct mt_fields fields;
};

static const size_t largest_number = 8;

static char *label(const struct mt_section *section)
{
    return section->instance == 0 ? mt_text_copy(section->name)
                                  : mt_text("%s#%" PRIu32, section->name, section->instance);
}

static void add(struct mt_state_differences *differences, const struct mt_section *section,
                const char *field, uint64_t distance, char *text)
{
    differences->items =
        mt_realloc(differences->items, differences->count + 1, sizeof(*differences->items));
    differences->items[differences->count++] = (struct mt_state_difference){
        .section = mt_text_copy(section->name),
        .instance = section->instance,
        .field = mt_text_copy(field),
        .distance = distance,
        .text = text,
    };
}

void mt_state_differences_add(struct mt_state_differences *differences,
                              const struct mt_section *section, const char *what)
{
    MT_AUTO_FREE char *name = label(section);

    add(differences, section, NULL, UINT64_MAX, mt_text("%s: %s", name, what));
}

static size_t first_difference(const unsigned char *one, const unsigned char *other, size_t size)
{
    size_t at = 0;

    while (at < size && one[at] == other[at]) {
        at++;
    }
    return at;
}

static uint64_t number_at(const unsigned char *bytes, size_t size)
{
    uint64_t number = 0;

    for (size_t i = 0; i < size; i++) {
        number = number << 8 | bytes[i];
    }
    return number;
}

static uint64_t distance_of(const unsigned char *one, const unsigned char *other, size_t size)
{
    if (size > largest_number) {
        return UINT64_MAX;
    }
    uint64_t a = number_at(one, size);
    uint64_t b = number_at(other, size);
    return a > b ? a - b : b - a;
}

/* Numbers are big-endian in the stream; of longer fields only the byte is shown. */
static char *value_of(const unsigned char *bytes, size_t size)
{
    int digits = 2 * (int)(size < largest_number ? size : largest_number);

    return mt_text("0x%0*" PRIx64, digits, number_at(bytes, (size_t)digits / 2));
}

static void add_field(struct mt_state_differences *differences, const struct side *source,
                      const struct mt_field *ours, const struct side *destination,
                      const struct mt_field *theirs)
{
    const unsigned char *our_bytes = source->section->bytes + ours->offset;
    const unsigned char *their_bytes = destination->section->bytes + theirs->offset;
    size_t at = first_difference(our_bytes, their_bytes, ours->size);
    bool number = ours->size <= largest_number;
    MT_AUTO_FREE char *name = label(source->section);
    MT_AUTO_FREE char *index = number ? mt_text_copy("") : mt_text("[%zu]", at);
    MT_AUTO_FREE char *our_value = value_of(our_bytes + (number ? 0 : at), number ? ours->size : 1);
    MT_AUTO_FREE char *their_value =
        value_of(their_bytes + (number ? 0 : at), number ? ours->size : 1);

    add(differences, source->section, ours->path, distance_of(our_bytes, their_bytes, ours->size),
        mt_text("%s.%s%s: source %s, destination %s", name, ours->path, index, our_value,
                their_value));
    differences->items[differences->count - 1].source_is_greater =
        number && our_bytes[at] > their_bytes[at];
}

static const struct mt_field *find_field(const struct mt_fields *fields, size_t guess,
                                         const char *path)
{
    if (guess < fields->count && strcmp(fields->items[guess].path, path) == 0) {
        return &fields->items[guess];
    }
    for (size_t i = 0; i < fields->count; i++) {
        if (strcmp(fields->items[i].path, path) == 0) {
            return &fields->items[i];
        }
    }
    return NULL;
}

static void add_absent(struct mt_state_differences *differences, const struct mt_section *section,
                       const char *path, const char *only)
{
    MT_AUTO_FREE char *name = label(section);

    add(differences, section, path, UINT64_MAX,
        mt_text("%s.%s: only the %s has it", name, path, only));
}

static void compare_fields(struct mt_state_differences *differences, const struct side *source,
                           const struct side *destination)
{
    for (size_t i = 0; i < source->fields.count; i++) {
        const struct mt_field *ours = &source->fields.items[i];
        const struct mt_field *theirs = find_field(&destination->fields, i, ours->path);
        if (theirs == NULL || theirs->size != ours->size) {
            add_absent(differences, source->section, ours->path, "source");
        } else if (memcmp(source->section->bytes + ours->offset,
                          destination->section->bytes + theirs->offset, ours->size) != 0) {
            add_field(differences, source, ours, destination, theirs);
        }
    }
    for (size_t i = 0; i < destination->fields.count; i++) {
        const char *path = destination->fields.items[i].path;
        if (find_field(&source->fields, i, path) == NULL) {
            add_absent(differences, destination->section, path, "destination");
        }
    }
}

static void compare_bytes(struct mt_state_differences *differences, const struct mt_section *source,
                          const struct mt_section *destination)
{
    size_t common = source->size < destination->size ? source->size : destination->size;
    size_t at = first_difference(source->bytes, destination->bytes, common);
    MT_AUTO_FREE char *ours = value_of(source->bytes + at, at < source->size);
    MT_AUTO_FREE char *theirs = value_of(destination->bytes + at, at < destination->size);
    MT_AUTO_FREE char *what = mt_text(
        "%zu bytes on the source and %zu on the destination; at byte %zu source %s, destination %s",
        source->size, destination->size, at, ours, theirs);

    mt_state_differences_add(differences, source, what);
}

void mt_state_differences_find(struct mt_state_differences *differences,
                               const struct mt_section *source, const json_t *source_description,
                               const struct mt_section *destination,
                               const json_t *destination_description)
{
    MT_AUTO_ERROR struct mt_error ignored = {0};
    struct side ours = {.section = source};
    struct side theirs = {.section = destination};
    size_t before = differences->count;

    if (mt_fields_lay_out(source_description, source->size, &ours.fields, &ignored) == 0 &&
        mt_fields_lay_out(destination_description, destination->size, &theirs.fields, &ignored) ==
            0) {
        compare_fields(differences, &ours, &theirs);
    }
    if (differences->count == before) {
        compare_bytes(differences, source, destination);
    }
    mt_fields_clear(&ours.fields);
    mt_fields_clear(&theirs.fields);
}

void mt_state_differences_clear(struct mt_state_differences *differences)
{
    for (size_t i = 0; i < differences->count; i++) {
        free(differences->items[i].section);
        free(differences->items[i].field);
        free(differences->items[i].text);
    }
    free(differences->items);
    *differences = (struct mt_state_differences){0};
}
