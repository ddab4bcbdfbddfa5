/* SPDX-License-Identifier: Apache-2.0 */
/* What the events tell of a migration, and whether QEMU's figures fit that. */
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"
#include "lib/pair/run.h"
#include "lib/verify/figures.h"
#include "lib/verify/statistics.h"

/* With one of these capabilities, pages and bytes are counted in other ways, or not at all. */
static const char *const counted_otherwise[] = {
    "xbzrle", "compress",       "mapped-ram",          "postcopy-ram",
    "x-colo", "zero-copy-send", "background-snapshot", "x-ignore-shared",
};

static bool capability_is_on(const json_t *capabilities, const char *name)
{
    return json_is_true(json_object_get(capabilities, name));
}

static bool is_countable(const json_t *capabilities)
{
    for (size_t i = 0; i < sizeof(counted_otherwise) / sizeof(counted_otherwise[0]); i++) {
        if (capability_is_on(capabilities, counted_otherwise[i])) {
            return false;
        }
    }
    return true;
}

/*
 * Finds the number of the latest pass. The numbers come one after the other, from 1 on; or from 2
 * on, where QEMU sends no event for the first pass (11.1).
 */
static int statistics_count_passes(const struct mt_pair *pair, int64_t *ret_passes,
                                   struct mt_error *error)
{
    const struct mt_events *events = &pair->sides[MT_SOURCE].vm->monitor.qmp.events;
    const struct mt_event_entry *entry;
    int64_t passes = 0;

    for (size_t at = pair->run->from[MT_SOURCE];
         (entry = mt_events_find(events, "MIGRATION_PASS", at, &at)) != NULL; at++) {
        int64_t pass = mt_event_int(entry, "pass");
        if (pass != passes + 1 && !(passes == 0 && pass == 2)) {
            return mt_fail(error, "MIGRATION_PASS %lld came after %lld", (long long)pass,
                           (long long)passes);
        }
        passes = pass;
    }
    *ret_passes = passes;
    return 0;
}

static int statistics_take_events(struct mt_pair *pair, struct mt_seen_migration *seen,
                                  struct mt_error *error)
{
    int64_t setup;
    int64_t active;
    int64_t completed;
    int64_t stop = 0;

    if (mt_migration_event_time(pair, "setup", &setup, error) < 0 ||
        mt_migration_event_time(pair, "active", &active, error) < 0 ||
        mt_migration_event_time(pair, "completed", &completed, error) < 0 ||
        (pair->run->mode->live && mt_migration_event_time(pair, "STOP", &stop, error) < 0)) {
        return -1;
    }
    seen->setup_us = active - setup;
    seen->total_us = completed - setup;
    seen->stopped_us = pair->run->mode->live ? completed - stop : -1;
    return statistics_count_passes(pair, &seen->passes, error);
}

/* The channels carry fewer bytes than the pages have. */
static int is_compressed(struct mt_pair *pair, struct mt_error *error)
{
    MT_AUTO_JSON json_t *parameters = NULL;

    if (mt_settings_query(pair->sides[MT_SOURCE].vm, MT_PARAMETER, &parameters, error) < 0) {
        return -1;
    }
    const char *method = mt_json_find_text(parameters, "multifd-compression");
    return method != NULL && strcmp(method, "none") != 0;
}

static int check_figures(const struct mt_pair *pair, const json_t *migration,
                         const struct mt_seen_migration *seen, struct mt_error *error)
{
    MT_AUTO_FREE char *unknown = NULL;

    if (mt_figures_check(migration, seen, &unknown, error) < 0) {
        return -1;
    }
    if (unknown != NULL) {
        MT_AUTO_FREE char *text = mt_text("%s: the source has no such figure", unknown);
        mt_pair_note(pair, "figures not compared", text);
    }
    return 0;
}

int mt_statistics_check(struct mt_pair *pair, struct mt_error *error)
{
    struct mt_vm *source = pair->sides[MT_SOURCE].vm;
    struct mt_seen_migration seen = {
        .ram = (uint64_t)pair->config->machine.ram,
        .members = pair->config->figures,
    };
    MT_AUTO_JSON json_t *capabilities = NULL;
    MT_AUTO_JSON json_t *migration = NULL;

    if (mt_settings_query(source, MT_CAPABILITY, &capabilities, error) < 0 ||
        mt_vm_qmp(source, &migration, error, "query-migrate", NULL) < 0 ||
        statistics_take_events(pair, &seen, error) < 0) {
        return -1;
    }
    seen.starved_us =
        mt_starvation_longest_us(&source->process.starvation, pair->run->begun_us, false, NULL);
    seen.multifd = capability_is_on(capabilities, "multifd");
    if (!is_countable(capabilities)) {
        return 0;
    }
    int compressed = seen.multifd ? is_compressed(pair, error) : 0;
    if (compressed != 0) {
        return compressed < 0 ? -1 : 0;
    }
    return check_figures(pair, migration, &seen, error);
}
