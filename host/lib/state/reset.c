/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/state/reset.h"

#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "lib/state/dump.h"

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

static int reset_start_machine(const struct mt_qemu_config *qemu,
                               const struct mt_machine_config *machine, const char *scratch,
                               const struct mt_observer *observer, const char *side,
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

static int reset_learn_from(struct mt_vm *first_vm, struct mt_vm *second_vm, const char *scratch,
                            json_t **ret_reset, struct mt_error *error)
{
    struct mt_sections first = {0};
    struct mt_sections second = {0};
    int result = -1;

    if (mt_vm_greet(first_vm, error) == 0 && mt_vm_greet(second_vm, error) == 0 &&
        mt_state_dump(first_vm, scratch, &first, error) == 0 &&
        mt_state_dump(second_vm, scratch, &second, error) == 0) {
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
    struct mt_vm *first = NULL;
    struct mt_vm *second = NULL;
    int result = -1;

    if (reset_start_machine(qemu, machine, scratch, observer, "first", &first, error) == 0 &&
        reset_start_machine(qemu, machine, scratch, observer, "second", &second, error) == 0) {
        result = reset_learn_from(first, second, scratch, ret_reset, error);
    }
    mt_vm_destroy(first);
    mt_vm_destroy(second);
    return result < 0 ? mt_wrap(error, "learning what the machine is like before it runs") : 0;
}
