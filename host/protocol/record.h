/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a worker tells the host while it does its job. Each record is one line of JSON, with the
 * token of the job: the host trusts no other line.
 */
#ifndef MT_PROTOCOL_RECORD_H
#define MT_PROTOCOL_RECORD_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

enum mt_record_kind {
    /* What was found out. */
    MT_RECORD_PLUGIN, /* value: a plugin's descriptor */
    MT_RECORD_GROUP,  /* value: a group of the plugin's tests; there is a record for each group */
    MT_RECORD_ABILITIES, /* value: what a QEMU can do */
    MT_RECORD_RUNS,      /* an accelerator ran the guest, which did not come as far as it should */
    MT_RECORD_TRIED,     /* trial */
    MT_RECORD_MANNERS,   /* manners */

    /* A test and its fixtures. */
    MT_RECORD_ENTERED,   /* step */
    MT_RECORD_RETURNED,  /* step */
    MT_RECORD_FAILED,    /* failure: an assertion */
    MT_RECORD_SKIPPED,   /* message: why the test skips itself */
    MT_RECORD_UNDECIDED, /* message: why nothing could be found out */
    MT_RECORD_NOTE,      /* note: a fact for the result */

    /* The QEMUs of the job. */
    MT_RECORD_QEMU,        /* qemu: was started */
    MT_RECORD_GREETED,     /* greeted: runs, and has told its version */
    MT_RECORD_WAITING,     /* wait: begins */
    MT_RECORD_MOVED,       /* wait: QEMU did something by itself; without a limit */
    MT_RECORD_ENVIRONMENT, /* message: why nothing that the job says counts */

    /* The end of the job. */
    MT_RECORD_ERROR,    /* message: why the worker could not do the job */
    MT_RECORD_DONE,     /* the job's process did its job to the end */
    MT_RECORD_EXIT,     /* exit: the job's process has ended by itself */
    MT_RECORD_TIMEOUT,  /* timeout: the job's time was over */
    MT_RECORD_STOPPED,  /* the host, or somebody else, has asked the worker to end */
    MT_RECORD_SURVIVOR, /* message: the name of a process that SIGKILL did not end */

    /* No worker sends this: the host's reader has dropped a line that was too long. */
    MT_RECORD_TOO_LONG,

    MT_RECORD_KINDS,
};

/* How an accelerator works with a QEMU and its machine. */
struct mt_trial_result {
    const char *fault; /* why it does not work; NULL: it works. Only the host can know. */
    int64_t ms;        /* from the start of QEMU to the end of the trial */
    int64_t cpu_ms;    /* for how much of this QEMU had a core; two cores at once count twice */
    bool dirty_ring;
    const char *ring_fault; /* why there is no dirty ring */
    json_t *reset;          /* see lib/state/reset.h; NULL: not known */
    json_t *unusable_views; /* see lib/probe/view_trial.h; NULL: not known */
};

struct mt_record {
    enum mt_record_kind kind;
    const char *token;
    union {
        struct {
            const char *text;
        } message;
        struct {
            json_t *json;
        } value;
        struct mt_trial_result trial;
        struct {
            const char *const *descriptors; /* that were not closed */
            int64_t growth;                 /* bytes of memory that each round of the test leaves */
            const char *const *sites;       /* calls that can be made to fail, in their order */
        } manners;
        struct {
            const char *what; /* "test", or the name of a fixture */
            bool passed;      /* of MT_RECORD_RETURNED */
        } step;
        struct {
            const char *message;
            const char *file;
            int64_t line;
            const char *stopped; /* the side whose QEMU somebody has ended before; NULL: neither */
        } failure;
        struct {
            const char *key;
            const char *value;
        } note;
        struct {
            const char *side;
            int64_t pid;
            const char *const *command;
            const char *accel;
            const char *machine;
        } qemu;
        struct {
            const char *side;
            int64_t pid;
            const char *version;
            const char *build_id;
            const char *program;
        } greeted;
        struct {
            const char *side;
            const char *what;
            int64_t ms; /* the limit */
        } wait;
        struct {
            int64_t status;
            const char *signal; /* the name of the signal that ended the process; NULL: none */
            int64_t leftovers;  /* how many processes the job left behind; they were killed */
            const char *exceeded_limit; /* as the end of a sentence; NULL: none */
        } exit;
        struct {
            int64_t ms;
            const char *exceeded_limit; /* as above */
        } timeout;
    };
};

/* The record as a line of JSON without its newline, which is the caller's. Text that is not UTF-8
 * comes out as mt_clean has it. */
char *mt_record_encode(const struct mt_record *record);

/*
 * Fails for a line that is no record with this token, and for a member that is missing, unknown or
 * of another type. The record owns what it has been read from the line; mt_record_clear releases
 * it.
 */
int mt_record_decode(const char *line, size_t size, const char *token, struct mt_record *ret_record,
                     struct mt_error *error);
void mt_record_clear(struct mt_record *record);

/* Moves a record to a new owner; the old one may still be cleared. */
struct mt_record mt_record_take(struct mt_record *record);

/* A trial's result as JSON, for a cache; the value is the caller's. */
json_t *mt_trial_result_encode(const struct mt_trial_result *result);

/* Leaves the JSON empty. mt_trial_result_clear releases the result. */
int mt_trial_result_decode(json_t *json, struct mt_trial_result *ret_result,
                           struct mt_error *error);
void mt_trial_result_clear(struct mt_trial_result *result);

#endif
