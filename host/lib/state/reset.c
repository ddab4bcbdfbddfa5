/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/state/reset.h"

#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"

static char *reset_key(const struct mt_section *section)
{
    return mt_text("%s#%" PRIu32, section->name, section->instance);
}

/* Bytes that are closer than this belong to one range, so that a buffer of random bytes has few
 * ranges. */
static const size_t range_gap = 16;

/*
 * The 64-bit FNV-1a hash of the section's bytes. An unstable byte, which differs between two
 * starts, counts as zero. `unstable` is a list of ranges: the begin of the first, its end, the
 * begin of the second, ...
 */
static uint64_t hash_without(const struct mt_section *section, const json_t *unstable)
{
    uint64_t hash = MT_HASH_START;
    size_t bound = 0;

    for (size_t at = 0; at < section->size; at++) {
        while (bound < json_array_size(unstable) &&
               json_integer_value(json_array_get(unstable, bound)) <= (json_int_t)at) {
            bound++;
        }
        bool skip = bound % 2 == 1;
        hash = mt_hash_add(hash, skip ? 0 : section->bytes[at]);
    }
    return hash;
}

/* The ranges of bytes that differ, in the form that hash_without takes. */
static json_t *unstable_ranges(const unsigned char *bytes, const unsigned char *others, size_t size)
{
    json_t *unstable = json_array();
    size_t end = 0;

    for (size_t at = 0; at < size; at++) {
        if (bytes[at] == others[at]) {
            continue;
        }
        if (json_array_size(unstable) > 0 && at - end < range_gap) {
            json_array_remove(unstable, json_array_size(unstable) - 1);
        } else {
            json_array_append_new(unstable, json_integer((json_int_t)at));
        }
        end = at + 1;
        json_array_append_new(unstable, json_integer((json_int_t)end));
    }
    return unstable;
}

json_t *mt_reset_compare(const struct mt_sections *first, const struct mt_sections *second)
{
    json_t *reset = json_object();

    for (size_t i = 0; i < first->count; i++) {
        const struct mt_section *section = &first->items[i];
        const struct mt_section *second_section =
            mt_sections_find(second, section->name, section->instance);
        if (second_section == NULL || second_section->size != section->size) {
            continue;
        }
        MT_AUTO_FREE char *key = reset_key(section);
        json_t *unstable = unstable_ranges(section->bytes, second_section->bytes, section->size);
        MT_AUTO_FREE char *hash = mt_text("%016" PRIx64, hash_without(section, unstable));
        json_object_set_new(reset, key,
                            json_pack("{s:I, s:s, s:o}", "size", (json_int_t)section->size, "hash",
                                      hash, "unstable", unstable));
    }
    return reset;
}

bool mt_reset_matches(const json_t *reset, const struct mt_section *section)
{
    MT_AUTO_FREE char *key = reset_key(section);
    const json_t *known = json_object_get(reset, key);

    if (known == NULL ||
        json_integer_value(json_object_get(known, "size")) != (json_int_t)section->size) {
        return false;
    }
    MT_AUTO_FREE char *hash =
        mt_text("%016" PRIx64, hash_without(section, json_object_get(known, "unstable")));
    return strcmp(hash, mt_json_find_text(known, "hash")) == 0;
}
