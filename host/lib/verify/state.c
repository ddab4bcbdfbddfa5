/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/state.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "lib/state/describe.h"
#include "lib/state/differences.h"
#include "lib/state/dump.h"
#include "lib/verify/not_kept.h"
#include "lib/verify/state_coverage.h"
#include "lib/verify/state_names.h"
#include "lib/verify/state_snapshot.h"
#include "lib/verify/verify.h"

static bool same_section(const struct mt_section *source, const struct mt_section *destination)
{
    return destination != NULL && source->version == destination->version &&
           source->size == destination->size &&
           memcmp(source->bytes, destination->bytes, source->size) == 0;
}

/* Two versions of QEMU may have two versions of a section, so each side has its own description.
 * One version of QEMU must have one version of the section. */
static void compare_section(const struct mt_pair *pair, const struct mt_section *source,
                            const struct mt_section *destination,
                            const struct mt_state_names *names,
                            struct mt_state_differences *differences)
{
    if (destination == NULL) {
        mt_state_differences_add(differences, MT_ONLY_SOURCE, source,
                                 "only the source has this section");
        return;
    }
    if (source->version != destination->version &&
        mt_vm_same_version(pair->sides[MT_SOURCE].vm, pair->sides[MT_DESTINATION].vm)) {
        MT_AUTO_FREE char *text = mt_text("version %u on the source, %u on the destination",
                                          source->version, destination->version);
        mt_state_differences_add(differences, MT_OTHER_VALUE, source, text);
        return;
    }
    mt_state_differences_find(differences, source, mt_state_description_of(names->source, source),
                              destination,
                              mt_state_description_of(names->destination, destination));
}

static void note_not_kept(const struct mt_pair *pair, const char *text,
                          const struct mt_not_kept *entry)
{
    MT_AUTO_FREE char *value =
        mt_text("%s: %s", text, entry->reason != NULL ? entry->reason : "no reason is given");

    mt_pair_note(pair, "not kept by QEMU", value);
}

static bool accept_not_kept(struct mt_pair *pair, const struct mt_state_difference *difference)
{
    struct mt_not_kept entry;

    if (!mt_not_kept_find(pair, difference, &entry)) {
        return false;
    }
    MT_AUTO_FREE char *text =
        mt_text("%s%s%s", difference->section, difference->field != NULL ? "." : "",
                difference->field != NULL ? difference->field : "");
    note_not_kept(pair, text, &entry);
    return true;
}

static bool accept_section_not_kept(struct mt_pair *pair, const char *section)
{
    struct mt_not_kept entry;

    if (!mt_not_kept_find_section(pair, section, &entry)) {
        return false;
    }
    note_not_kept(pair, section, &entry);
    return true;
}

/* Finds the sections that must be compared by fields. Sections that are accepted as a whole are
 * left out here: the names of the fields cost the start of two more QEMUs. */
static bool find_unequal_sections(struct mt_pair *pair, const struct mt_state_snapshot *snapshot,
                                  bool *unequal)
{
    bool any = false;

    for (size_t i = 0; i < snapshot->source.count; i++) {
        const struct mt_section *source = &snapshot->source.items[i];
        const struct mt_section *destination =
            mt_sections_find(&snapshot->destination, source->name, source->instance);
        unequal[i] =
            !same_section(source, destination) && !accept_section_not_kept(pair, source->name);
        any |= unequal[i];
    }
    return any;
}

static void find_differences(const struct mt_pair *pair, const struct mt_state_snapshot *snapshot,
                             const bool *unequal, const struct mt_state_names *names,
                             struct mt_state_differences *differences)
{
    for (size_t i = 0; i < snapshot->source.count; i++) {
        const struct mt_section *source = &snapshot->source.items[i];
        if (unequal[i]) {
            compare_section(
                pair, source,
                mt_sections_find(&snapshot->destination, source->name, source->instance), names,
                differences);
        }
    }
}

static void find_only_on_destination(const struct mt_state_snapshot *snapshot,
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
 * Whether the migration is to blame for the difference. With one version of QEMU, it always is.
 * Between two versions, a field that both have must be the same, but a field may exist in one
 * layout only. A difference in sections, subsections or sizes is excused if two fresh QEMUs of
 * these versions have it as well.
 */
static bool is_changed_by_migration(const struct mt_pair *pair, const struct mt_state_names *names,
                                    const struct mt_state_difference *difference)
{
    bool is_field = difference->field != NULL && !difference->is_subsection;
    bool only_on_one_side =
        difference->kind == MT_ONLY_SOURCE || difference->kind == MT_ONLY_DESTINATION;

    if (mt_vm_same_version(pair->sides[MT_SOURCE].vm, pair->sides[MT_DESTINATION].vm)) {
        return true;
    }
    return is_field && only_on_one_side ? false : !mt_state_names_explain(names, difference);
}

static bool is_excused(struct mt_pair *pair, const struct mt_state_names *names,
                       const struct mt_state_difference *difference)
{
    if (!is_changed_by_migration(pair, names, difference)) {
        mt_pair_note(pair, "not compared between these versions", difference->text);
        return true;
    }
    return accept_not_kept(pair, difference);
}

/* Fails if there are differences that nothing excuses. */
static int state_judge(struct mt_pair *pair, const struct mt_state_names *names,
                       const struct mt_state_differences *differences, struct mt_error *error)
{
    const size_t most_shown = 6;
    MT_AUTO_FREE char *shown = mt_text_copy("");
    size_t count = 0;

    for (size_t i = 0; i < differences->count; i++) {
        const struct mt_state_difference *difference = &differences->items[i];
        if (is_excused(pair, names, difference)) {
            continue;
        }
        mt_observer_log(pair->config->observer, "-- %s", difference->text);
        if (count++ < most_shown) {
            mt_text_append_item(&shown, "; ", "%s", difference->text);
        }
    }
    if (count == 0) {
        return 0;
    }
    return mt_fail(error, "%s%s", shown, count > most_shown ? "; and more, see the log" : "");
}

/* Without the names of fields, one version can be compared by the place of a byte, but two versions
 * cannot be compared. */
static int state_judge_with_names(struct mt_pair *pair, const struct mt_state_names *names,
                                  const struct mt_state_differences *differences,
                                  struct mt_error *error)
{
    if (names->why_unknown == NULL) {
        return state_judge(pair, names, differences, error);
    }
    if (!mt_vm_same_version(pair->sides[MT_SOURCE].vm, pair->sides[MT_DESTINATION].vm)) {
        mt_fail(error,
                "the dumps of two versions of QEMU differ, and cannot be compared by fields: %s",
                names->why_unknown);
        return MT_CANNOT_LOOK;
    }
    mt_observer_log(pair->config->observer, "-- fields have no names here: %s", names->why_unknown);
    return state_judge(pair, names, differences, error);
}

static int state_compare_dumps(struct mt_pair *pair, const struct mt_state_snapshot *snapshot,
                               struct mt_error *error)
{
    MT_AUTO_FREE bool *unequal = mt_alloc(snapshot->source.count + 1, sizeof(*unequal));
    struct mt_state_differences differences = {0};
    struct mt_state_names names = {0};

    find_only_on_destination(snapshot, &differences);
    if (find_unequal_sections(pair, snapshot, unequal) || differences.count > 0) {
        mt_state_names_ask(pair, &snapshot->source, &snapshot->destination, &names);
        find_differences(pair, snapshot, unequal, &names, &differences);
    }
    int result = state_judge_with_names(pair, &names, &differences, error);
    mt_state_differences_clear(&differences);
    mt_state_names_clear(&names);
    return result;
}

/* Notes the entries that have accepted nothing, if the machine has many devices: with few devices,
 * most entries have nothing to accept. */
static void note_unused_entries(struct mt_pair *pair)
{
    MT_AUTO_FREE char *unused_entries = mt_not_kept_unused(pair);

    if (unused_entries != NULL && strcmp(pair->config->machine.devices, "rich") == 0) {
        mt_pair_note(pair, "kept after all", unused_entries);
    }
}

static void note_equal(struct mt_pair *pair, const struct mt_sections *sections)
{
    MT_AUTO_FREE char *value =
        mt_text("%zu sections, %zu bytes compared", sections->count, sections->size);

    mt_pair_note(pair, "state", value);
    mt_state_coverage_note(pair, sections);
    note_unused_entries(pair);
}

int mt_state_compare(struct mt_pair *pair, struct mt_error *error)
{
    struct mt_state_snapshot snapshot;

    if (!mt_verify_may_ask(pair, MT_STATE_COMMAND)) {
        return 0;
    }
    int result = mt_state_snapshot_take(pair, &snapshot, error);

    if (result < 0) {
        return result;
    }
    result = state_compare_dumps(pair, &snapshot, error);
    if (result == 0) {
        note_equal(pair, &snapshot.source);
    }
    mt_state_snapshot_clear(&snapshot);
    return result;
}
