/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The events of a run. Each line of the journal is one event, and every report is made from events.
 * docs/journal.md describes them.
 */
#ifndef MT_JOURNAL_EVENT_H
#define MT_JOURNAL_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/test_id.h"
#include "journal/outcome.h"

#define MT_JOURNAL_FORMAT 1

enum mt_event_kind {
    MT_EVENT_RUN_STARTED,
    MT_EVENT_RUN_RESUMED,
    MT_EVENT_CALIBRATED,
    MT_EVENT_PLUGIN,
    MT_EVENT_PLUGIN_DISABLED,
    MT_EVENT_PLANNED,
    MT_EVENT_NOT_SELECTED,
    MT_EVENT_SKIPPED,
    MT_EVENT_STARTED,
    MT_EVENT_WAITING,
    MT_EVENT_NOTE,
    MT_EVENT_QEMU,
    MT_EVENT_QEMU_GREETED,
    MT_EVENT_SLOW,
    MT_EVENT_FINISHED,
    MT_EVENT_WARNING,
    MT_EVENT_RUN_FINISHED,
    MT_EVENT_KINDS,
};

/* An absent text is NULL, an absent number 0. The code that fills in an event owns its texts. */
struct mt_event {
    enum mt_event_kind kind;
    double time; /* seconds since 1970 */

    struct mt_test_id id; /* an event about a plugin has the plugin alone */
    int64_t attempt;
    int64_t repeat; /* the number of the repetition, from 1; 0: the test is not repeated */
    int64_t final;  /* of finished: 1 if the outcome of this attempt counts */

    const char *outcome; /* passed, failed, error, skipped */
    const char *reason;  /* a word for programs: slow, disabled, interrupted, ... */
    const char *message;
    const char *file; /* the place in the source of the test */
    int64_t line;
    double seconds;
    const char *log;    /* relative to the results folder */
    const char *bundle; /* the folder of a failed attempt, relative to the results folder */
    const char *output;
    const char *reproduce;
    const char *quarantine; /* of finished: the reason and the last day */

    const char *key; /* of note and calibrated */
    const char *value;
    const char *side; /* of waiting and qemu */
    const char *what;
    int64_t ms; /* of waiting: the limit; of slow: the time so far */
    int64_t pid;
    const char *command;
    const char *accel;
    const char *machine;
    const char *build_id; /* of qemu-greeted: the build id of the program that really runs */
    const char *program;

    int64_t format; /* of run-started */
    const char *name;
    const char *host;
    const char *user;
    const char *version;
    const char *vendor;
    const char *manifest;
    const char *source;
    const char *source_version; /* with its package */
    const char *source_build_id;
    const char *destination;
    const char *destination_version;
    const char *destination_build_id;
    int64_t jobs;
    int64_t seed;      /* of the order of tests; 0: the planned order */
    const char *shard; /* "1/3" */

    int64_t count;       /* of not-selected; of run-resumed: number of tests with a result */
    int64_t status;      /* of run-finished: the exit status */
    int64_t host_cpu_ms; /* CPU time of the host process, without its workers */
    int64_t host_memory_kib;
    const char *signal;
};

const char *mt_event_kind_name(enum mt_event_kind kind);

/* How the test, or the attempt, ended by this event; an error if the event is not the end of
 * anything. */
enum mt_outcome mt_event_outcome(const struct mt_event *event);

/* Whether the attempt failed or erred. */
bool mt_event_is_bad(const struct mt_event *event);

/* Sets the time of the event to now. */
void mt_event_stamp(struct mt_event *event);

/* Gives one line of JSON with its newline, which the caller frees. Texts are cleaned. */
char *mt_event_encode(const struct mt_event *event);

/* Gives an event that owns its texts. Returns 1 for a kind that this version does not know. */
int mt_event_decode(const char *line, struct mt_event *ret_event, struct mt_error *error);

/* The copy owns its texts; mt_event_clear releases them. */
void mt_event_copy(const struct mt_event *event, struct mt_event *ret_copy);
void mt_event_clear(struct mt_event *event);

#endif
