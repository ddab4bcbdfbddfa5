/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/event.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clean.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"

enum type {
    TEXT,
    WHOLE,
    REAL,
};

static const struct member {
    const char *name;
    enum type type;
    size_t offset;
} members[] = {
#define MEMBER_AT(name, place, type)                                                               \
    {                                                                                              \
#name, type, offsetof(struct mt_event, place)                                              \
    }
#define MEMBER(name, type) MEMBER_AT(name, name, type)
    MEMBER(time, REAL),
    MEMBER_AT(plugin, id.plugin, TEXT),
    MEMBER_AT(group, id.group, TEXT),
    MEMBER_AT(test, id.test, TEXT),
    MEMBER(attempt, WHOLE),
    MEMBER(repeat, WHOLE),
    MEMBER(final, WHOLE),
    MEMBER(outcome, TEXT),
    MEMBER(reason, TEXT),
    MEMBER(message, TEXT),
    MEMBER(file, TEXT),
    MEMBER(line, WHOLE),
    MEMBER(seconds, REAL),
    MEMBER(log, TEXT),
    MEMBER(bundle, TEXT),
    MEMBER(output, TEXT),
    MEMBER(reproduce, TEXT),
    MEMBER(quarantine, TEXT),
    MEMBER(key, TEXT),
    MEMBER(value, TEXT),
    MEMBER(side, TEXT),
    MEMBER(what, TEXT),
    MEMBER(ms, WHOLE),
    MEMBER(pid, WHOLE),
    MEMBER(command, TEXT),
    MEMBER(accel, TEXT),
    MEMBER(machine, TEXT),
    MEMBER(build_id, TEXT),
    MEMBER(program, TEXT),
    MEMBER(format, WHOLE),
    MEMBER(name, TEXT),
    MEMBER(host, TEXT),
    MEMBER(user, TEXT),
    MEMBER(version, TEXT),
    MEMBER(vendor, TEXT),
    MEMBER(manifest, TEXT),
    MEMBER(source, TEXT),
    MEMBER(source_version, TEXT),
    MEMBER(source_build_id, TEXT),
    MEMBER(destination, TEXT),
    MEMBER(destination_version, TEXT),
    MEMBER(destination_build_id, TEXT),
    MEMBER(jobs, WHOLE),
    MEMBER(seed, WHOLE),
    MEMBER(shard, TEXT),
    MEMBER(count, WHOLE),
    MEMBER(status, WHOLE),
    MEMBER(host_cpu_ms, WHOLE),
    MEMBER(host_memory_kib, WHOLE),
    MEMBER(signal, TEXT),
#undef MEMBER
#undef MEMBER_AT
};

enum { MEMBERS = sizeof(members) / sizeof(members[0]) };

static const char *const kind_names[MT_EVENT_KINDS] = {
    [MT_EVENT_RUN_STARTED] = "run-started",
    [MT_EVENT_RUN_RESUMED] = "run-resumed",
    [MT_EVENT_CALIBRATED] = "calibrated",
    [MT_EVENT_PLUGIN] = "plugin",
    [MT_EVENT_PLUGIN_DISABLED] = "plugin-disabled",
    [MT_EVENT_PLANNED] = "planned",
    [MT_EVENT_NOT_SELECTED] = "not-selected",
    [MT_EVENT_SKIPPED] = "skipped",
    [MT_EVENT_STARTED] = "started",
    [MT_EVENT_WAITING] = "waiting",
    [MT_EVENT_NOTE] = "note",
    [MT_EVENT_QEMU] = "qemu",
    [MT_EVENT_QEMU_GREETED] = "qemu-greeted",
    [MT_EVENT_SLOW] = "slow",
    [MT_EVENT_FINISHED] = "finished",
    [MT_EVENT_WARNING] = "warning",
    [MT_EVENT_RUN_FINISHED] = "run-finished",
};

const char *mt_event_kind_name(enum mt_event_kind kind)
{
    return kind_names[kind];
}

enum mt_outcome mt_event_outcome(const struct mt_event *event)
{
    return event->kind == MT_EVENT_SKIPPED
               ? MT_OUTCOME_SKIPPED
               : mt_outcome_of(event->outcome, event->reason, event->quarantine);
}

bool mt_event_is_bad(const struct mt_event *event)
{
    return event->kind == MT_EVENT_FINISHED && mt_outcome_is_bad(mt_event_outcome(event));
}

void mt_event_stamp(struct mt_event *event)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    event->time = (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static const void *at(const struct mt_event *event, size_t offset)
{
    return (const char *)event + offset;
}

static void *place(struct mt_event *event, size_t offset)
{
    return (char *)event + offset;
}

static json_t *event_encode_member(const struct mt_event *event, const struct member *member)
{
    const char *text;
    int64_t whole;
    double real;

    switch (member->type) {
    case TEXT:
        text = *(const char *const *)at(event, member->offset);
        if (text != NULL) {
            MT_AUTO_FREE char *clean = mt_clean(text, strlen(text));
            return json_string(clean);
        }
        return NULL;
    case WHOLE:
        whole = *(const int64_t *)at(event, member->offset);
        return whole != 0 ? json_integer(whole) : NULL;
    case REAL:
        real = *(const double *)at(event, member->offset);
        return real > 0 ? json_real(real) : NULL;
    }
    return NULL;
}

char *mt_event_encode(const struct mt_event *event)
{
    json_t *object = json_object();

    json_object_set_new(object, "kind", json_string(mt_event_kind_name(event->kind)));
    for (size_t i = 0; i < MEMBERS; i++) {
        json_t *value = event_encode_member(event, &members[i]);
        if (value != NULL) {
            json_object_set_new(object, members[i].name, value);
        }
    }
    MT_AUTO_FREE char *dumped = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(14));
    json_decref(object);
    return mt_text("%s\n", dumped);
}

static void event_decode_member(const json_t *object, const struct member *member,
                                struct mt_event *event)
{
    const json_t *value = json_object_get(object, member->name);

    switch (member->type) {
    case TEXT:
        *(char **)place(event, member->offset) = mt_text_copy(json_string_value(value));
        break;
    case WHOLE:
        *(int64_t *)place(event, member->offset) = json_integer_value(value);
        break;
    case REAL:
        *(double *)place(event, member->offset) = json_number_value(value);
        break;
    }
}

static int decode_kind(const json_t *object, enum mt_event_kind *ret_kind)
{
    const char *name = mt_json_find_text(object, "kind");

    for (int i = 0; name != NULL && i < MT_EVENT_KINDS; i++) {
        if (strcmp(kind_names[i], name) == 0) {
            *ret_kind = (enum mt_event_kind)i;
            return 0;
        }
    }
    return -1;
}

static bool is_of_test(enum mt_event_kind kind)
{
    static const enum mt_event_kind kinds[] = {
        MT_EVENT_PLANNED, MT_EVENT_SKIPPED,      MT_EVENT_STARTED, MT_EVENT_WAITING,  MT_EVENT_NOTE,
        MT_EVENT_QEMU,    MT_EVENT_QEMU_GREETED, MT_EVENT_SLOW,    MT_EVENT_FINISHED,
    };

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (kinds[i] == kind) {
            return true;
        }
    }
    return false;
}

/* A journal may come from anywhere. What its readers rely on is checked here, once. */
static int event_check(const struct mt_event *event, struct mt_error *error)
{
    if (is_of_test(event->kind) && (event->id.plugin == NULL || event->id.test == NULL)) {
        return mt_fail(error, "%s without the test that it is of", kind_names[event->kind]);
    }
    if (event->kind == MT_EVENT_FINISHED && !mt_outcome_is_known(event->outcome)) {
        return mt_fail(error, "finished without an outcome");
    }
    return 0;
}

int mt_event_decode(const char *line, struct mt_event *ret_event, struct mt_error *error)
{
    json_error_t fault;
    json_t *object = json_loads(line, 0, &fault);
    struct mt_event event = {0};

    if (object == NULL) {
        return mt_fail(error, "not JSON: %s", fault.text);
    }
    if (decode_kind(object, &event.kind) < 0) {
        json_decref(object);
        return 1;
    }
    for (size_t i = 0; i < MEMBERS; i++) {
        event_decode_member(object, &members[i], &event);
    }
    json_decref(object);
    if (event_check(&event, error) < 0) {
        mt_event_clear(&event);
        return -1;
    }
    *ret_event = event;
    return 0;
}

void mt_event_copy(const struct mt_event *event, struct mt_event *ret_copy)
{
    *ret_copy = *event;
    for (size_t i = 0; i < MEMBERS; i++) {
        if (members[i].type == TEXT) {
            char **text = place(ret_copy, members[i].offset);
            *text = mt_text_copy(*text);
        }
    }
}

void mt_event_clear(struct mt_event *event)
{
    for (size_t i = 0; i < MEMBERS; i++) {
        if (members[i].type == TEXT) {
            free(*(char **)place(event, members[i].offset));
        }
    }
    *event = (struct mt_event){0};
}
