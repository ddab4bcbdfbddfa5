/* SPDX-License-Identifier: Apache-2.0 */
/* All events of one QEMU, in the order in which they came. */
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
    bool taken;       /* a wait has returned the event */
};

struct mt_events {
    struct mt_event_entry *entries;
    size_t count;
    size_t room;
};

/* Adds a message. The reference is taken over. */
void mt_events_add(struct mt_events *events, json_t *object);
void mt_events_clear(struct mt_events *events);

/* The first event of that name with the index `from` or later; NULL: none. `ret_index` may be NULL.
 */
const struct mt_event_entry *mt_events_find(const struct mt_events *events, const char *name,
                                            size_t from, size_t *ret_index);

/* Takes the first event of that name that was not taken yet, and lends it; NULL: none. */
json_t *mt_events_take(struct mt_events *events, const char *name);

/* Whether `name` is the event's name, or the status of a MIGRATION event. */
bool mt_event_is(const struct mt_event_entry *entry, const char *name);

/* A string in an event's data; NULL: there is none. */
const char *mt_event_string(const struct mt_event_entry *entry, const char *key);

/* An integer in an event's data; 0: there is none. */
int64_t mt_event_int(const struct mt_event_entry *entry, const char *key);

#endif
