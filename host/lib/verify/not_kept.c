/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/not_kept.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "lib/verify/verification.h"

enum { SECOND = 1000 * 1000 * 1000 }; /* nanoseconds, QEMU's unit of time */

/* QEMU 5.2 moves the content of these queues to their beginning when it loads them; 7.2 does not.
 */
#define PS2_QUEUE(device, pointer)                                                                 \
    {                                                                                              \
        .section = device, .field = "parent_obj.queue." pointer, .versions = "5.2",                \
        .destination_before = "7.2",                                                               \
        .reason =                                                                                  \
            "the destination moves the queue's content to the beginning; the content is compared"  \
    }

/* From 10.0.13 on, QEMU computes these fields when it loads the state, from registers that are
 * compared. */
#define E1000E_COMPUTED(name)                                                                      \
    {                                                                                              \
        .section = "e1000e", .field = "core." name, .from_zero = true,                             \
        .destination_since = "10.0", .versions = "10.0.13 to 11.1",                                \
        .reason = "the destination computes it when it loads the state, the source when the "      \
                  "guest sets it"                                                                  \
    }

static const struct mt_not_kept table[] = {
    PS2_QUEUE("ps2kbd", "rptr"),
    PS2_QUEUE("ps2kbd", "wptr"),
    PS2_QUEUE("ps2mouse", "rptr"),
    PS2_QUEUE("ps2mouse", "wptr"),
    E1000E_COMPUTED("rx_desc_len"),
    E1000E_COMPUTED("rx_desc_buf_size"),
    E1000E_COMPUTED("rxbuf_sizes[0]"),
    {.subsection = "virtio/ringsize",
     .between_versions = true,
     .versions = "5.2 to 11.1",
     .reason =
         "the sizes of the queues after a reset, which the second view compares with those of "
         "fresh QEMUs; this QEMU sends them only if the size of a queue has changed"},
    {.section = "globalstate",
     .versions = "7.2 to 10.0",
     .reason = "it says running in each dump, and has another layout since 9.0; the run state is "
               "checked by query-status"},
    {.section = "mc146818rtc",
     .field = "update_timer",
     .within = SECOND,
     .versions = "7.2 to 10.0",
     .reason = "each side computes it again, from two readings of the host's clock"},
    {.section = "mc146818rtc",
     .field = "next_alarm_time",
     .within = SECOND,
     .versions = "7.2 to 10.0",
     .reason = "each side computes it again, from two readings of the host's clock"},
    {.section = "tpm-emulator",
     .changes_while_still = true,
     .versions = "7.2 to 11.1",
     .reason = "the encrypted state of the emulator has other bytes each time QEMU asks for it"},
    {.section = "kvmclock",
     .field = "clock",
     .changes_while_still = true,
     .accel = "kvm",
     .versions = "7.2 to 10.0",
     .reason = "each dump reads it from the kernel again, if the VM was not paused by hand"},
};

static const size_t table_count = sizeof(table) / sizeof(table[0]);

static bool not_kept_from_json(const json_t *entry, struct mt_not_kept *ret_entry)
{
    *ret_entry = (struct mt_not_kept){
        .section = mt_json_find_text(entry, "section"),
        .field = mt_json_find_text(entry, "field"),
        .subsection = mt_json_find_text(entry, "subsection"),
        .reason = mt_json_find_text(entry, "reason"),
    };
    return entry != NULL;
}

/* The entries by index: first those of the table, then the manifest's, then the plugin's. */
static bool not_kept_entry(struct mt_pair *pair, size_t index, struct mt_not_kept *ret_entry)
{
    size_t manifest_count = json_array_size(pair->config->not_kept);

    if (index < table_count) {
        *ret_entry = table[index];
        return true;
    }
    if (index - table_count < manifest_count) {
        return not_kept_from_json(json_array_get(pair->config->not_kept, index - table_count),
                                  ret_entry);
    }
    return not_kept_from_json(
        json_array_get(mt_verification_of(pair)->not_kept, index - table_count - manifest_count),
        ret_entry);
}

static void not_kept_remember(struct mt_pair *pair, size_t index)
{
    json_t *met = mt_verification_of(pair)->not_kept_met;

    while (json_array_size(met) <= index) {
        json_array_append_new(met, json_false());
    }
    json_array_set_new(met, index, json_true());
}

static bool section_matches(const char *entry_section, const char *section)
{
    const char *last = strrchr(section, '/');

    return entry_section == NULL || strcmp(entry_section, section) == 0 ||
           (last != NULL && strcmp(entry_section, last + 1) == 0);
}

static bool vm_is_older(const struct mt_vm *vm, const char *version)
{
    const json_t *numbers = json_object_get(mt_monitor_version(&vm->monitor), "qemu");
    int major = 0;
    int minor = 0;

    sscanf(version, "%d.%d", &major, &minor);
    json_int_t its_major = json_integer_value(json_object_get(numbers, "major"));
    return its_major < major ||
           (its_major == major && json_integer_value(json_object_get(numbers, "minor")) < minor);
}

static bool not_kept_applies(const struct mt_pair *pair, const struct mt_not_kept *entry)
{
    if (entry->between_versions &&
        mt_vm_same_version(pair->sides[MT_SOURCE].vm, pair->sides[MT_DESTINATION].vm)) {
        return false;
    }
    if (entry->destination_before != NULL &&
        !vm_is_older(pair->sides[MT_DESTINATION].vm, entry->destination_before)) {
        return false;
    }
    if (entry->destination_since != NULL &&
        vm_is_older(pair->sides[MT_DESTINATION].vm, entry->destination_since)) {
        return false;
    }
    return entry->accel == NULL ||
           strcmp(entry->accel, pair->sides[MT_SOURCE].vm->accel_in_use) == 0;
}

static bool is_whole_section(const struct mt_not_kept *entry)
{
    return entry->field == NULL && entry->subsection == NULL;
}

static bool not_kept_matches(const struct mt_not_kept *entry,
                             const struct mt_state_difference *difference)
{
    const char *name = difference->is_subsection ? entry->subsection : entry->field;

    if (!section_matches(entry->section, difference->section) ||
        (entry->from_zero && !difference->source_is_zero) ||
        (entry->within > 0 && difference->distance >= entry->within)) {
        return false;
    }
    return is_whole_section(entry) ||
           (name != NULL && difference->field != NULL && strcmp(name, difference->field) == 0);
}

void mt_not_kept_add(struct mt_pair *pair, const char *section, const char *field,
                     const char *reason)
{
    json_array_append_new(mt_verification_of(pair)->not_kept,
                          json_pack("{s:s, s:s, s:s, s:s?}", "section", section, "field", field,
                                    "subsection", field, "reason", reason));
}

bool mt_not_kept_find(struct mt_pair *pair, const struct mt_state_difference *difference,
                      struct mt_not_kept *ret_entry)
{
    for (size_t i = 0; not_kept_entry(pair, i, ret_entry); i++) {
        if (not_kept_applies(pair, ret_entry) && not_kept_matches(ret_entry, difference)) {
            not_kept_remember(pair, i);
            return true;
        }
    }
    return false;
}

bool mt_not_kept_find_section(struct mt_pair *pair, const char *section,
                              struct mt_not_kept *ret_entry)
{
    for (size_t i = 0; not_kept_entry(pair, i, ret_entry); i++) {
        if (not_kept_applies(pair, ret_entry) && is_whole_section(ret_entry) &&
            section_matches(ret_entry->section, section)) {
            not_kept_remember(pair, i);
            return true;
        }
    }
    return false;
}

bool mt_not_kept_lets_change(struct mt_pair *pair, const char *section)
{
    struct mt_not_kept entry;

    for (size_t i = 0; not_kept_entry(pair, i, &entry); i++) {
        if (not_kept_applies(pair, &entry) && section_matches(entry.section, section) &&
            (i >= table_count || entry.changes_while_still)) {
            return true;
        }
    }
    return false;
}

static const char *not_kept_name(const struct mt_not_kept *entry)
{
    return entry->field != NULL ? entry->field : entry->subsection != NULL ? entry->subsection : "";
}

char *mt_not_kept_unused(struct mt_pair *pair)
{
    const json_t *met = mt_verification_of(pair)->not_kept_met;
    struct mt_not_kept entry;
    char *list = NULL;

    for (size_t i = 0; not_kept_entry(pair, i, &entry); i++) {
        if (json_is_true(json_array_get(met, i)) || !not_kept_applies(pair, &entry)) {
            continue;
        }
        mt_text_append_item(&list, ", ", "%s%s%s", entry.section != NULL ? entry.section : "any",
                            is_whole_section(&entry) ? "" : ".", not_kept_name(&entry));
    }
    return list;
}
