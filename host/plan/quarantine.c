/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/quarantine.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "manifest/yaml.h"
#include "plan/selection.h"

/* Dates in this form can be compared as texts. */
static bool is_past(const char *until, int64_t seconds)
{
    time_t now = (time_t)seconds;
    struct tm parts;
    char today[16] = "";

    if (gmtime_r(&now, &parts) == NULL || strftime(today, sizeof(today), "%Y-%m-%d", &parts) == 0) {
        return true;
    }
    return strcmp(until, today) < 0;
}

void mt_quarantines_read(const struct mt_yaml *list, int64_t now,
                         struct mt_quarantines *ret_quarantines)
{
    size_t count = list != NULL ? list->count : 0;
    struct mt_quarantines quarantines = {.count = count};

    quarantines.entries = mt_alloc(count, sizeof(*quarantines.entries));
    for (size_t i = 0; i < count; i++) {
        const struct mt_yaml *entry = list->items[i];
        const char *until = mt_yaml_get(entry, "until")->text;
        quarantines.entries[i] = (struct mt_quarantine){
            .test = mt_yaml_get(entry, "test")->text,
            .reason = mt_text("%s, until %s", mt_yaml_get(entry, "reason")->text, until),
            .is_over = is_past(until, now),
        };
    }
    *ret_quarantines = quarantines;
}

void mt_quarantines_clear(struct mt_quarantines *quarantines)
{
    for (size_t i = 0; i < quarantines->count; i++) {
        free(quarantines->entries[i].reason);
    }
    free(quarantines->entries);
    *quarantines = (struct mt_quarantines){0};
}

const struct mt_quarantine *mt_quarantine_find(struct mt_quarantines *quarantines,
                                               const struct mt_test_id *id)
{
    for (size_t i = 0; i < quarantines->count; i++) {
        struct mt_quarantine *entry = &quarantines->entries[i];
        if (mt_glob_matches_test(entry->test, id)) {
            entry->used = true;
            return entry;
        }
    }
    return NULL;
}

const char *mt_quarantine_reason(const struct mt_quarantine *quarantine)
{
    return quarantine != NULL && !quarantine->is_over ? quarantine->reason : NULL;
}
