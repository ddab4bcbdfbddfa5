/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens in a run, one struct a happening. Every report is a function of these;
 * docs/journal.md describes them as they stand in the journal.
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

/* Absent texts are NULL, absent numbers 0. Whoever fills in an event owns its texts. */
struct mt_event {
    enum mt_event_kind kind;
    double time; /* seconds since 1970 */

    struct mt_test_id id; /* of what is about a plugin, the plugin alone */
    int64_t attempt;
    int64_t repeat; /* which repetition, from 1; 0: it is not repeated */
    int64_t final;  /* of finished: 1 where this attempt's outcome is the one that counts */

    const char *outcome; /* passed, failed, error, skipped */
    const char *reason;  /* a word for machines: slow, disabled, interrupted, ... */
    const char *message;
    const char *file; /* where in the test's source */
    int64_t line;
    double seconds;
    const char *log;    /* relative to the results folder */
    const char *bundle; /* of an attempt that went wrong: a folder, relative to the same */
    const char *output;
    const char *reproduce;
    const char *quarantine; /* of finished: the reason, and until when */

    const char *key; /* of note and calibrated */
    const char *value;
    const char *side; /* of waiting and qemu */
    const char *what;
    int64_t ms; /* of waiting: for how long at most; of slow: for how long already */
    int64_t pid;
    const char *command;
    const char *accel;
    const char *machine;
    const char *build_id; /* of qemu-greeted: of the program that really runs */
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
    int64_t seed;      /* of the order; 0: as planned */
    const char *shard; /* "1/3" */

    int64_t count;       /* of not-selected; of run-resumed: tests with results already */
    int64_t status;      /* of run-finished: the exit status */
    int64_t host_cpu_ms; /* what the host itself used, without its workers */
    int64_t host_memory_kib;
    const char *signal;
};

const char *mt_event_kind_name(enum mt_event_kind kind);

/* How the test, or the attempt, ended by this event; an error if the event is not the end of
 * anything. */
enum mt_outcome mt_event_outcome(const struct mt_event *event);

/* Whether an attempt went wrong. */
bool mt_event_is_bad(const struct mt_event *event);

/* Gives it the present time. */
void mt_event_stamp(struct mt_event *event);

/* One line of JSON with its newline; the caller frees it. Texts are made clean on the way. */
char *mt_event_encode(const struct mt_event *event);

/* An event that owns its texts. 1: a kind that this version does not know. */
int mt_event_decode(const char *line, struct mt_event *ret_event, struct mt_error *error);

/* An event with texts of its own, and their release. */
void mt_event_copy(const struct mt_event *event, struct mt_event *ret_copy);
void mt_event_clear(struct mt_event *event);

#endif
