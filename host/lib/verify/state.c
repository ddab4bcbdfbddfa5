/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "lib/state/describe.h"
#include "lib/state/differences.h"
#include "lib/verify/control.h"
#include "lib/verify/late_input.h"
#include "lib/verify/not_kept.h"
#include "lib/verify/seen.h"
#include "lib/verify/snapshot.h"

/* The names of fields, which only a difference needs; NULL where QEMU would not tell. */
struct names {
    json_t *source;
    json_t *destination;
};

static json_t *ask_side(struct mt_pair *pair, struct mt_vm *vm, const struct mt_sections *sections,
                        struct mt_error *error)
{
    json_t *names = NULL;

    return mt_state_describe(vm, sections, pair->config->scratch, &names, error) < 0 ? NULL : names;
}

/* One more QEMU of each side tells them, which loads that side's state. */
static struct names ask_names(struct mt_pair *pair, const struct mt_snapshot *snapshot)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    struct mt_control control = {0};
    struct names names = {0};

    if (mt_control_start(pair, &control, &error) == 0) {
        names.source = ask_side(pair, control.source, &snapshot->source, &error);
        names.destination = ask_side(pair, control.destination, &snapshot->destination, &error);
    }
    mt_control_end(&control);
    if (names.source == NULL || names.destination == NULL) {
        printf("-- fields have no names here: %s\n", mt_error_text(&error));
    }
    return names;
}

static bool same(const struct mt_section *source, const struct mt_section *destination)
{
    return destination != NULL && source->version == destination->version &&
           source->size == destination->size &&
           memcmp(source->bytes, destination->bytes, source->size) == 0;
}

/* Two versions of QEMU may have two versions of a section, and each describes its own. */
static void compare_section(const struct mt_pair *pair, const struct mt_section *source,
                            const struct mt_section *destination, const struct names *names,
                            struct mt_state_differences *differences)
{
    if (destination == NULL) {
        mt_state_differences_add(differences, MT_ONLY_SOURCE, source,
                                 "only the source has this section");
        return;
    }
    if (source->version != destination->version &&
        mt_vm_same_version(pair->source, pair->destination)) {
        MT_AUTO_FREE char *what = mt_text("version %u on the source, %u on the destination",
                                          source->version, destination->version);
        mt_state_differences_add(differences, MT_OTHER_VALUE, source, what);
        return;
    }
    mt_state_differences_find(differences, source, mt_state_description_of(names->source, source),
                              destination,
                              mt_state_description_of(names->destination, destination));
}

static bool kept_by_qemu(struct mt_pair *pair, const char *section, const char *field,
                         uint64_t distance)
{
    struct mt_not_kept entry;

    if (!mt_not_kept_find(pair, section, field, distance, &entry)) {
        return true;
    }
    MT_AUTO_FREE char *value =
        mt_text("%s%s%s: %s", section, field != NULL ? "." : "", field != NULL ? field : "",
                entry.reason != NULL ? entry.reason : "");
    mt_pair_note(pair, "not kept by QEMU", value);
    return false;
}

/* Sections that are excused as a whole are out already, as names cost two more QEMUs. */
static bool find_suspects(struct mt_pair *pair, const struct mt_snapshot *snapshot, bool *suspect)
{
    bool any = false;

    for (size_t i = 0; i < snapshot->source.count; i++) {
        const struct mt_section *source = &snapshot->source.items[i];
        const struct mt_section *destination =
            mt_sections_find(&snapshot->destination, source->name, source->instance);
        suspect[i] =
            !same(source, destination) && kept_by_qemu(pair, source->name, NULL, UINT64_MAX);
        any |= suspect[i];
    }
    return any;
}

static void find_differences(struct mt_pair *pair, const struct mt_snapshot *snapshot,
                             const bool *suspect, struct mt_state_differences *differences)
{
    struct names names = ask_names(pair, snapshot);

    for (size_t i = 0; i < snapshot->source.count; i++) {
        const struct mt_section *source = &snapshot->source.items[i];
        if (suspect[i]) {
            compare_section(
                pair, source,
                mt_sections_find(&snapshot->destination, source->name, source->instance), &names,
                differences);
        }
    }
    json_decref(names.source);
    json_decref(names.destination);
}

static void find_strangers(const struct mt_snapshot *snapshot,
                           struct mt_state_differences *differences)
{
    for (size_t i = 0; i < snapshot->destination.count; i++) {
        const struct mt_section *destination = &snapshot->destination.items[i];
        if (mt_sections_find(&snapshot->source, destination->name, destination->instance) == NULL) {
            mt_state_differences_add(differences, MT_ONLY_DESTINATION, destination,
                                     "only the destination has this section");
        }
    }
}

/*
 * Between two versions of QEMU, what one version alone has was not lost, unless the destination
 * took it in: a subsection or a section that a QEMU does not know ends the migration.
 */
static bool is_lost(const struct mt_pair *pair, const struct mt_state_difference *difference)
{
    if (mt_vm_same_version(pair->source, pair->destination) || difference->kind == MT_OTHER_VALUE) {
        return true;
    }
    return difference->kind == MT_ONLY_SOURCE &&
           (difference->is_subsection || difference->field == NULL);
}

static bool is_excused(struct mt_pair *pair, const struct mt_state_differences *differences,
                       const struct mt_state_difference *difference)
{
    if (mt_is_late_input(pair, differences, difference)) {
        mt_pair_note(pair, "came after the state", difference->text);
        return true;
    }
    if (!is_lost(pair, difference)) {
        mt_pair_note(pair, "in one of the two versions only", difference->text);
        return true;
    }
    return !kept_by_qemu(pair, difference->section, difference->field, difference->distance);
}

/* Fails with those that QEMU is not known for. */
static int judge(struct mt_pair *pair, const struct mt_state_differences *differences,
                 struct mt_error *error)
{
    const size_t most_shown = 6;
    MT_AUTO_FREE char *shown = mt_text_copy("");
    size_t count = 0;

    for (size_t i = 0; i < differences->count; i++) {
        const struct mt_state_difference *difference = &differences->items[i];
        if (is_excused(pair, differences, difference)) {
            continue;
        }
        printf("-- %s\n", difference->text);
        if (count++ < most_shown) {
            char *longer = mt_text("%s%s%s", shown, count > 1 ? "; " : "", difference->text);
            free(shown);
            shown = longer;
        }
    }
    if (count == 0) {
        return 0;
    }
    return mt_fail(error, "%s%s", shown, count > most_shown ? "; and more, see the log" : "");
}

static int compare(struct mt_pair *pair, const struct mt_snapshot *snapshot, struct mt_error *error)
{
    MT_AUTO_FREE bool *suspect = mt_alloc(snapshot->source.count + 1, sizeof(*suspect));
    struct mt_state_differences differences = {0};

    find_strangers(snapshot, &differences);
    if (find_suspects(pair, snapshot, suspect)) {
        find_differences(pair, snapshot, suspect, &differences);
    }
    int result = judge(pair, &differences, error);
    mt_state_differences_clear(&differences);
    return result;
}

/* Of a machine with few devices most entries could not be met, so only where there are many. */
static void note_never_met(const struct mt_pair *pair)
{
    MT_AUTO_FREE char *never = mt_not_kept_never_met(pair);

    if (never != NULL && strcmp(pair->config->machine.devices, "rich") == 0) {
        mt_pair_note(pair, "kept after all", never);
    }
}

static void note_equal(const struct mt_pair *pair, const struct mt_sections *sections)
{
    MT_AUTO_FREE char *value =
        mt_text("%zu sections, %zu bytes compared", sections->count, sections->size);

    mt_pair_note(pair, "state", value);
    mt_seen_note(pair, sections);
    note_never_met(pair);
}

int mt_state_compare(struct mt_pair *pair, struct mt_error *error)
{
    struct mt_snapshot snapshot;

    int result = mt_snapshot_take(pair, &snapshot, error);

    if (result < 0) {
        return result;
    }
    result = compare(pair, &snapshot, error);
    if (result == 0) {
        note_equal(pair, &snapshot.source);
    }
    mt_snapshot_clear(&snapshot);
    return result;
}
