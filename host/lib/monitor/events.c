/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/monitor/events.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

void mt_events_add(struct mt_events *events, json_t *object)
{
    json_t *stamp = json_object_get(object, "timestamp");
    const char *name = mt_json_find_text(object, "event");

    if (events->count == events->room) {
        events->room = events->room > 0 ? events->room * 2 : 32;
        events->entries = mt_realloc(events->entries, events->room, sizeof(*events->entries));
    }
    events->entries[events->count++] = (struct mt_event_entry){
        .name = name != NULL ? name : "",
        .object = object,
        .stamp_us = json_integer_value(json_object_get(stamp, "seconds")) * 1000000 +
                    json_integer_value(json_object_get(stamp, "microseconds")),
    };
}

void mt_events_clear(struct mt_events *events)
{
    for (size_t i = 0; i < events->count; i++) {
        json_decref(events->entries[i].object);
    }
    free(events->entries);
    *events = (struct mt_events){0};
}

const struct mt_event_entry *mt_events_find(const struct mt_events *events, const char *name,
                                            size_t from, size_t *ret_index)
{
    for (size_t i = from; i < events->count; i++) {
        if (strcmp(events->entries[i].name, name) == 0) {
            if (ret_index != NULL) {
                *ret_index = i;
            }
            return &events->entries[i];
        }
    }
    return NULL;
}

json_t *mt_events_take(struct mt_events *events, const char *name)
{
    for (size_t i = 0; i < events->count; i++) {
        struct mt_event_entry *entry = &events->entries[i];
        if (!entry->taken && strcmp(entry->name, name) == 0) {
            entry->taken = true;
            return entry->object;
        }
    }
    return NULL;
}

const char *mt_event_string(const struct mt_event_entry *entry, const char *key)
{
    return mt_json_find_text(json_object_get(entry->object, "data"), key);
}

int64_t mt_event_int(const struct mt_event_entry *entry, const char *key)
{
    return json_integer_value(json_object_get(json_object_get(entry->object, "data"), key));
}

bool mt_event_is(const struct mt_event_entry *entry, const char *name)
{
    const char *status =
        strcmp(entry->name, "MIGRATION") == 0 ? mt_event_string(entry, "status") : NULL;

    return strcmp(entry->name, name) == 0 || (status != NULL && strcmp(status, name) == 0);
}
