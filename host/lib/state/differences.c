/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/state/differences.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "lib/state/fields.h"

/* A section of one side, and the layout of its fields. */
struct side_layout {
    const struct mt_section *section;
    struct mt_fields fields;
};

static const size_t largest_number = 8;

static char *label(const struct mt_section *section)
{
    return section->instance == 0 ? mt_text_copy(section->name)
                                  : mt_text("%s#%" PRIu32, section->name, section->instance);
}

static struct mt_state_difference *differences_add(struct mt_state_differences *differences,
                                                   enum mt_state_difference_kind kind,
                                                   const struct mt_section *section,
                                                   const char *field, char *text)
{
    differences->items =
        mt_realloc(differences->items, differences->count + 1, sizeof(*differences->items));
    differences->items[differences->count++] = (struct mt_state_difference){
        .kind = kind,
        .section = mt_text_copy(section->name),
        .instance = section->instance,
        .field = mt_text_copy(field),
        .distance = UINT64_MAX,
        .text = text,
    };
    return &differences->items[differences->count - 1];
}

void mt_state_differences_add(struct mt_state_differences *differences,
                              enum mt_state_difference_kind kind, const struct mt_section *section,
                              const char *what)
{
    MT_AUTO_FREE char *name = label(section);

    differences_add(differences, kind, section, NULL, mt_text("%s: %s", name, what));
}

static size_t first_difference(const unsigned char *one, const unsigned char *other, size_t size)
{
    size_t at = 0;

    while (at < size && one[at] == other[at]) {
        at++;
    }
    return at;
}

static uint64_t big_endian_number(const unsigned char *bytes, size_t size)
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
    uint64_t a = big_endian_number(one, size);
    uint64_t b = big_endian_number(other, size);
    return a > b ? a - b : b - a;
}

/* Numbers are big-endian in the stream. Of a longer field, only one byte is shown. */
static char *value_of(const unsigned char *bytes, size_t size)
{
    int digits = 2 * (int)(size < largest_number ? size : largest_number);

    return mt_text("0x%0*" PRIx64, digits, big_endian_number(bytes, (size_t)digits / 2));
}

static bool is_all_zero(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

static void add_field_value(struct mt_state_differences *differences,
                            const struct side_layout *source, const struct mt_field *ours,
                            const struct side_layout *destination, const struct mt_field *theirs)
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

    struct mt_state_difference *difference =
        differences_add(differences, MT_OTHER_VALUE, source->section, ours->path,
                        mt_text("%s.%s%s: source %s, destination %s", name, ours->path, index,
                                our_value, their_value));
    difference->distance = distance_of(our_bytes, their_bytes, ours->size);
    difference->source_is_greater = number && our_bytes[at] > their_bytes[at];
    difference->source_is_zero = is_all_zero(our_bytes, ours->size);
}

static void add_other_size(struct mt_state_differences *differences,
                           const struct side_layout *source, const struct mt_field *ours,
                           const struct mt_field *theirs)
{
    MT_AUTO_FREE char *name = label(source->section);

    differences_add(differences, MT_OTHER_SIZE, source->section, ours->path,
                    mt_text("%s.%s: %zu bytes on the source and %zu on the destination", name,
                            ours->path, ours->size, theirs->size));
}

static const size_t unmatched = SIZE_MAX;

static size_t find_path(const struct mt_fields *fields, size_t guess, const char *path)
{
    for (size_t i = 0; i < fields->count; i++) {
        size_t at = (guess + i) % fields->count;
        if (strcmp(fields->items[at].path, path) == 0) {
            return at;
        }
    }
    return unmatched;
}

/* For each of our fields, the index of their field with the same path, or `unmatched`. The item
 * after the last is the number of their fields. The caller frees the list. */
static size_t *match_paths(const struct mt_fields *ours, const struct mt_fields *theirs)
{
    size_t *matches = mt_alloc(ours->count + 1, sizeof(*matches));
    size_t guess = 0;

    for (size_t i = 0; i < ours->count; i++) {
        matches[i] = find_path(theirs, guess, ours->items[i].path);
        guess = matches[i] != unmatched ? matches[i] + 1 : guess;
    }
    matches[ours->count] = theirs->count;
    return matches;
}

/* Whether a version only keeps this place free, for a field of another version. */
static bool is_unused(const struct mt_field *field)
{
    const char *dot = strrchr(field->path, '.');
    const char *name = dot != NULL ? dot + 1 : field->path;

    return strncmp(name, "unused", strlen("unused")) == 0;
}

static bool are_alike(const struct mt_field *ours, const struct mt_field *theirs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (ours[i].size != theirs[i].size || is_unused(&ours[i]) || is_unused(&theirs[i])) {
            return false;
        }
    }
    return true;
}

/* Matches fields that were only renamed: they are between the same two matches on both sides, equal
 * in number and sizes. */
static void match_renamed(const struct mt_fields *ours, const struct mt_fields *theirs,
                          size_t *matches)
{
    size_t after_match = 0; /* an index of their fields */

    for (size_t start = 0; start < ours->count;) {
        size_t end = start;
        while (end < ours->count && matches[end] == unmatched) {
            end++;
        }
        size_t count = end - start;
        if (count > 0 && matches[end] == after_match + count &&
            are_alike(&ours->items[start], &theirs->items[after_match], count)) {
            for (size_t i = 0; i < count; i++) {
                matches[start + i] = after_match + i;
            }
        }
        after_match = end < ours->count ? matches[end] + 1 : theirs->count;
        start = end + 1;
    }
}

static bool has_subsection(const struct mt_fields *fields, const char *subsection)
{
    for (size_t i = 0; i < fields->count; i++) {
        const char *its = fields->items[i].subsection;
        if (its != NULL && strcmp(its, subsection) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_added(const struct mt_state_differences *differences, size_t from,
                     const char *subsection)
{
    for (size_t i = from; i < differences->count; i++) {
        const struct mt_state_difference *difference = &differences->items[i];
        if (difference->is_subsection && strcmp(difference->field, subsection) == 0) {
            return true;
        }
    }
    return false;
}

/* A subsection that the other side does not have is one difference, even if it has many fields. */
static void add_one_sided(struct mt_state_differences *differences, size_t from,
                          const struct side_layout *side, const struct mt_field *field,
                          const struct mt_fields *others, enum mt_state_difference_kind kind)
{
    MT_AUTO_FREE char *name = label(side->section);
    const char *only = kind == MT_ONLY_SOURCE ? "source" : "destination";
    bool is_subsection = field->subsection != NULL && !has_subsection(others, field->subsection);

    if (is_unused(field) || (is_subsection && is_added(differences, from, field->subsection))) {
        return;
    }
    const char *path = is_subsection ? field->subsection : field->path;
    struct mt_state_difference *difference =
        differences_add(differences, kind, side->section, path,
                        mt_text("%s.%s: only the %s has this %s", name, path, only,
                                is_subsection ? "subsection" : "field"));
    difference->is_subsection = is_subsection;
    difference->mark = is_subsection ? mt_text_copy(field->mark) : NULL;
}

static void compare_fields(struct mt_state_differences *differences,
                           const struct side_layout *source, const struct side_layout *destination)
{
    MT_AUTO_FREE size_t *matches = match_paths(&source->fields, &destination->fields);
    MT_AUTO_FREE bool *matched = mt_alloc(destination->fields.count + 1, sizeof(*matched));
    size_t from = differences->count;

    match_renamed(&source->fields, &destination->fields, matches);
    for (size_t i = 0; i < source->fields.count; i++) {
        const struct mt_field *ours = &source->fields.items[i];
        if (matches[i] == unmatched) {
            add_one_sided(differences, from, source, ours, &destination->fields, MT_ONLY_SOURCE);
            continue;
        }
        const struct mt_field *theirs = &destination->fields.items[matches[i]];
        matched[matches[i]] = true;
        if (theirs->size != ours->size) {
            add_other_size(differences, source, ours, theirs);
        } else if (memcmp(source->section->bytes + ours->offset,
                          destination->section->bytes + theirs->offset, ours->size) != 0) {
            add_field_value(differences, source, ours, destination, theirs);
        }
    }
    for (size_t i = 0; i < destination->fields.count; i++) {
        if (!matched[i]) {
            add_one_sided(differences, from, destination, &destination->fields.items[i],
                          &source->fields, MT_ONLY_DESTINATION);
        }
    }
}

static bool same_layout(const struct mt_fields *ours, const struct mt_fields *theirs)
{
    for (size_t i = 0; i < ours->count && i < theirs->count; i++) {
        if (strcmp(ours->items[i].path, theirs->items[i].path) != 0) {
            return false;
        }
    }
    return ours->count == theirs->count;
}

static void compare_bytes(struct mt_state_differences *differences, const struct mt_section *source,
                          const struct mt_section *destination, const char *why_no_fields)
{
    size_t common = source->size < destination->size ? source->size : destination->size;
    size_t at = first_difference(source->bytes, destination->bytes, common);

    if (at == source->size && at == destination->size) {
        return;
    }
    MT_AUTO_FREE char *ours = value_of(source->bytes + at, at < source->size);
    MT_AUTO_FREE char *theirs = value_of(destination->bytes + at, at < destination->size);
    MT_AUTO_FREE char *what =
        mt_text("%zu bytes on the source and %zu on the destination; at byte "
                "%zu source %s, destination %s (%s)",
                source->size, destination->size, at, ours, theirs, why_no_fields);

    mt_state_differences_add(differences, MT_OTHER_VALUE, source, what);
}

void mt_state_differences_find(struct mt_state_differences *differences,
                               const struct mt_section *source, const json_t *source_description,
                               const struct mt_section *destination,
                               const json_t *destination_description)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    struct side_layout ours = {.section = source};
    struct side_layout theirs = {.section = destination};
    size_t before = differences->count;

    if (mt_fields_lay_out(source_description, source, &ours.fields, &error) == 0 &&
        mt_fields_lay_out(destination_description, destination, &theirs.fields, &error) == 0) {
        compare_fields(differences, &ours, &theirs);
        /* No field differs, so it must be a byte between the fields. */
        if (differences->count == before && same_layout(&ours.fields, &theirs.fields)) {
            compare_bytes(differences, source, destination, "between two fields");
        }
    } else {
        compare_bytes(differences, source, destination, mt_error_text(&error));
    }
    mt_fields_clear(&ours.fields);
    mt_fields_clear(&theirs.fields);
}

void mt_state_differences_clear(struct mt_state_differences *differences)
{
    for (size_t i = 0; i < differences->count; i++) {
        free(differences->items[i].section);
        free(differences->items[i].field);
        free(differences->items[i].mark);
        free(differences->items[i].text);
    }
    free(differences->items);
    *differences = (struct mt_state_differences){0};
}
