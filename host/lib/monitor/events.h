/* SPDX-License-Identifier: Apache-2.0 */
/* The events of one QEMU, all of them, in the order in which they came. */
#ifndef MT_MONITOR_EVENTS_H
#define MT_MONITOR_EVENTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mt_event_entry {
    const char *name;
    json_t *object;   /* the whole message */
    int64_t stamp_us; /* QEMU's own time stamp, wall clock */
    bool taken;       /* a wait has returned it */
};

struct mt_events {
    struct mt_event_entry *entries;
    size_t count;
    size_t room;
};

/* Takes over the reference. */
void mt_events_add(struct mt_events *events, json_t *object);
void mt_events_clear(struct mt_events *events);

/* The first of that name at `from` or later; NULL: none. `ret_index` may be NULL. */
const struct mt_event_entry *mt_events_find(const struct mt_events *events, const char *name,
                                            size_t from, size_t *ret_index);

/* The first of that name that was not taken yet, taken now; NULL: none. */
json_t *mt_events_take(struct mt_events *events, const char *name);

/* Whether that is its name, or, of a MIGRATION, its status. */
bool mt_event_is(const struct mt_event_entry *entry, const char *name);

/* A string of an event's data; NULL: there is none. */
const char *mt_event_string(const struct mt_event_entry *entry, const char *key);

/* An integer of an event's data; 0: there is none. */
int64_t mt_event_int(const struct mt_event_entry *entry, const char *key);

#endif
