/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/state/reset.h"

#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "lib/state/dump.h"

static char *key_of(const struct mt_section *section)
{
    return mt_text("%s#%" PRIu32, section->name, section->instance);
}

/* Bytes this near to each other are one range, so that a buffer of rubbish is few ranges. */
static const size_t range_gap = 16;

/*
 * The 64-bit FNV-1a hash of the bytes, of those that differ by themselves as if they were zero.
 * These are ranges: where one begins, where it ends, where the next begins, ...
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

json_t *mt_reset_compare(const struct mt_sections *one, const struct mt_sections *other)
{
    json_t *reset = json_object();

    for (size_t i = 0; i < one->count; i++) {
        const struct mt_section *section = &one->items[i];
        const struct mt_section *twin = mt_sections_find(other, section->name, section->instance);
        if (twin == NULL || twin->size != section->size) {
            continue;
        }
        MT_AUTO_FREE char *key = key_of(section);
        json_t *unstable = unstable_ranges(section->bytes, twin->bytes, section->size);
        MT_AUTO_FREE char *hash = mt_text("%016" PRIx64, hash_without(section, unstable));
        json_object_set_new(reset, key,
                            json_pack("{s:I, s:s, s:o}", "size", (json_int_t)section->size, "hash",
                                      hash, "unstable", unstable));
    }
    return reset;
}

bool mt_reset_matches(const json_t *reset, const struct mt_section *section)
{
    MT_AUTO_FREE char *key = key_of(section);
    const json_t *known = json_object_get(reset, key);

    if (known == NULL ||
        json_integer_value(json_object_get(known, "size")) != (json_int_t)section->size) {
        return false;
    }
    MT_AUTO_FREE char *hash =
        mt_text("%016" PRIx64, hash_without(section, json_object_get(known, "unstable")));
    return strcmp(hash, mt_json_find_text(known, "hash")) == 0;
}

static int start_machine(const struct mt_qemu_config *qemu, const struct mt_machine_config *machine,
                         const char *scratch, const struct mt_observer *observer, const char *side,
                         struct mt_vm **ret_vm, struct mt_error *error)
{
    MT_AUTO_FREE char *memory_path = mt_text("%s/%s.ram", scratch, side);

    const struct mt_command_line line = {
        .qemu = qemu, .machine = machine, .side = side, .hold = true, .memory_path = memory_path};
    const struct mt_vm_start start = {
        .side = side,
        .scratch = scratch,
        .observer = observer,
        .qemu = qemu,
        .launch = mt_command_line_launch(&line),
    };

    return mt_vm_start(ret_vm, &start, error);
}

static int learn_from(struct mt_vm *one, struct mt_vm *other, const char *scratch,
                      json_t **ret_reset, struct mt_error *error)
{
    struct mt_sections first = {0};
    struct mt_sections second = {0};
    int result = -1;

    if (mt_vm_greet(one, error) == 0 && mt_vm_greet(other, error) == 0 &&
        mt_state_dump(one, scratch, &first, error) == 0 &&
        mt_state_dump(other, scratch, &second, error) == 0) {
        *ret_reset = mt_reset_compare(&first, &second);
        result = 0;
    }
    mt_sections_clear(&first);
    mt_sections_clear(&second);
    return result;
}

int mt_reset_learn(const struct mt_qemu_config *qemu, const struct mt_machine_config *machine,
                   const char *scratch, const struct mt_observer *observer, json_t **ret_reset,
                   struct mt_error *error)
{
    struct mt_vm *one = NULL;
    struct mt_vm *other = NULL;
    int result = -1;

    if (start_machine(qemu, machine, scratch, observer, "one", &one, error) == 0 &&
        start_machine(qemu, machine, scratch, observer, "other", &other, error) == 0) {
        result = learn_from(one, other, scratch, ret_reset, error);
    }
    mt_vm_destroy(one);
    mt_vm_destroy(other);
    return result < 0 ? mt_wrap(error, "learning what the machine is like before it runs") : 0;
}
