/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/verdict.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"
#include "jobs/cmocka_log.h"
#include "jobs/records.h"
#include "protocol/channel.h"

static const char undecided_reason[] = "undecided";

bool mt_verdict_is_undecided(const struct mt_verdict *verdict)
{
    return strcmp(verdict->outcome, "skipped") == 0 &&
           strcmp(verdict->reason, undecided_reason) == 0;
}

static void set(char **text, char *value)
{
    free(*text);
    *text = value;
}

static void keep_failed_fixture(struct mt_testimony *testimony, const char *what)
{
    if (testimony->failed_fixture == NULL) {
        testimony->failed_fixture = mt_text_copy(what);
    }
}

/* A fixture that another follows, and that has not returned, was left by a failed assertion. */
static void add_entered(struct mt_testimony *testimony, const json_t *record)
{
    const char *what = mt_json_text(record, "what");

    if (strcmp(what, "test") == 0) {
        testimony->test_entered = true;
        return;
    }
    if (testimony->open_fixture != NULL) {
        keep_failed_fixture(testimony, testimony->open_fixture);
    }
    set(&testimony->open_fixture, mt_text_copy(what));
}

static void add_returned(struct mt_testimony *testimony, const json_t *record)
{
    const char *what = mt_json_text(record, "what");
    bool passed = strcmp(mt_json_text(record, "outcome"), "passed") == 0;

    if (strcmp(what, "test") == 0) {
        testimony->test_passed = passed;
        return;
    }
    set(&testimony->open_fixture, NULL);
    if (!passed) {
        keep_failed_fixture(testimony, what);
    }
}

/* Left by a skip, which ends a setup as it ends the test; behind the test it is no use. */
static void add_skipped(struct mt_testimony *testimony, const json_t *record, bool undecided)
{
    if (testimony->test_entered && testimony->open_fixture != NULL) {
        return;
    }
    set(&testimony->open_fixture, NULL);
    set(&testimony->skip_message, mt_text_copy(mt_json_text(record, "message")));
    testimony->undecided = undecided;
}

static void add_failed(struct mt_testimony *testimony, const json_t *record)
{
    if (testimony->failure == NULL) {
        testimony->failure = mt_text_copy(mt_json_text(record, "message"));
        testimony->failure_file = mt_text_copy(mt_json_text(record, "file"));
        testimony->failure_line = json_integer_value(json_object_get(record, "line"));
        testimony->failed_in_test = testimony->test_entered && testimony->open_fixture == NULL;
        if (json_object_get(record, "stopped") != NULL) {
            set(&testimony->stopped_side, mt_text_copy(mt_json_text(record, "stopped")));
        }
    }
}

static void add_exit(struct mt_testimony *testimony, const json_t *record)
{
    testimony->ended = true;
    testimony->status = json_integer_value(json_object_get(record, "status"));
    testimony->stray = json_integer_value(json_object_get(record, "stray"));
    if (json_object_get(record, "signal") != NULL) {
        set(&testimony->signal, mt_text_copy(mt_json_text(record, "name")));
    }
}

static void add_survivor(struct mt_testimony *testimony, const char *name)
{
    const char *before = testimony->survivors;

    set(&testimony->survivors,
        mt_text("%s%s%s", before != NULL ? before : "", before != NULL ? ", " : "", name));
}

void mt_testimony_add(struct mt_testimony *testimony, const char *kind, const json_t *record)
{
    if (json_object_get(record, "lack") != NULL) {
        set(&testimony->lack, mt_text_copy(mt_json_text(record, "lack")));
    }
    if (strcmp(kind, "entered") == 0) {
        add_entered(testimony, record);
    } else if (strcmp(kind, "returned") == 0) {
        add_returned(testimony, record);
    } else if (strcmp(kind, "failed") == 0) {
        add_failed(testimony, record);
    } else if (strcmp(kind, "skipped") == 0) {
        add_skipped(testimony, record, false);
    } else if (strcmp(kind, "undecided") == 0) {
        add_skipped(testimony, record, true);
    } else if (strcmp(kind, "survivor") == 0) {
        add_survivor(testimony, mt_json_text(record, "message"));
    } else if (strcmp(kind, "error") == 0) {
        set(&testimony->error, mt_text_copy(mt_json_text(record, "message")));
    } else if (strcmp(kind, "environment") == 0) {
        set(&testimony->environment, mt_text_copy(mt_json_text(record, "message")));
    } else if (strcmp(kind, "waiting") == 0) {
        set(&testimony->waiting,
            mt_text("%s (%s)", mt_json_text(record, "what"), mt_json_text(record, "side")));
    } else if (strcmp(kind, "moved") == 0) {
        set(&testimony->moved,
            mt_text("%s (%s)", mt_json_text(record, "what"), mt_json_text(record, "side")));
    } else if (strcmp(kind, "done") == 0) {
        testimony->done = true;
    } else if (strcmp(kind, "exit") == 0) {
        add_exit(testimony, record);
    } else if (strcmp(kind, "timeout") == 0) {
        testimony->ended = true;
        testimony->timeout_ms = json_integer_value(json_object_get(record, "ms"));
    } else if (strcmp(kind, "stopped") == 0) {
        testimony->ended = true;
        testimony->stopped = true;
    } else if (strcmp(kind, MT_RECORD_TOO_LONG) == 0) {
        testimony->record_too_long = true;
    }
}

void mt_testimony_clear(struct mt_testimony *testimony)
{
    free(testimony->open_fixture);
    free(testimony->failed_fixture);
    free(testimony->failure);
    free(testimony->failure_file);
    free(testimony->stopped_side);
    free(testimony->skip_message);
    free(testimony->error);
    free(testimony->environment);
    free(testimony->waiting);
    free(testimony->moved);
    free(testimony->signal);
    free(testimony->lack);
    free(testimony->survivors);
    *testimony = (struct mt_testimony){0};
}

static char *waited(const struct mt_testimony *testimony)
{
    MT_AUTO_FREE char *moved = testimony->moved != NULL
                                   ? mt_text("; the last thing that moved was %s", testimony->moved)
                                   : mt_text_copy("");

    return testimony->waiting != NULL
               ? mt_text("; it last waited for %s%s", testimony->waiting, moved)
               : mt_text_copy(moved);
}

/* With three digits where that says enough. */
static char *seconds(int64_t ms)
{
    double value = (double)ms / 1000;

    return value < 100 ? mt_text("%.3g", value) : mt_text("%.0f", value);
}

static char *fault_of_process(const struct mt_testimony *testimony, unsigned foreign,
                              const char **ret_reason)
{
    MT_AUTO_FREE char *wait = waited(testimony);

    if (testimony->stalled_ms > 0) {
        *ret_reason = "stalled";
        MT_AUTO_FREE char *time = seconds(testimony->stalled_ms);
        return mt_text("nothing moved any more for %s s%s", time, wait);
    }
    if (testimony->timeout_ms > 0) {
        *ret_reason = "timeout";
        MT_AUTO_FREE char *time = seconds(testimony->timeout_ms);
        return mt_text("it did not end within %s s%s", time, wait);
    }
    if (testimony->stopped) {
        *ret_reason = "stopped";
        return mt_text("it was stopped%s", wait);
    }
    if (!testimony->ended) {
        *ret_reason = "worker";
        return testimony->error != NULL ? mt_text_copy(testimony->error)
                                        : mt_text("its worker ended without a last word%s", wait);
    }
    if (testimony->signal != NULL && strcmp(testimony->signal, "SIGTERM") == 0) {
        *ret_reason = "stopped";
        return mt_text("its process was sent SIGTERM%s", wait);
    }
    if (testimony->signal != NULL) {
        *ret_reason = "crash";
        return mt_text("it crashed with %s%s%s", testimony->signal,
                       testimony->open_fixture != NULL ? " in its fixture " : "",
                       testimony->open_fixture != NULL ? testimony->open_fixture : "");
    }
    if (testimony->error != NULL) {
        *ret_reason = "error";
        return mt_text_copy(testimony->error);
    }
    if (!testimony->done) {
        *ret_reason = "exit";
        return mt_text("its process ended by itself, with status %lld, before it was through",
                       (long long)testimony->status);
    }
    if (testimony->status != 0) {
        *ret_reason = "exit";
        return mt_text("its process ended with status %lld", (long long)testimony->status);
    }
    if (testimony->stray > 0) {
        *ret_reason = "stray";
        bool one = testimony->stray == 1;
        return mt_text("it left %lld %s behind, which %s killed", (long long)testimony->stray,
                       one ? "process" : "processes", one ? "was" : "were");
    }
    if (testimony->record_too_long) {
        *ret_reason = "worker";
        return mt_text("a line of more than %d KiB came over the result channel, and was dropped",
                       MT_CHANNEL_LINE_LIMIT / 1024);
    }
    if (foreign > 0) {
        *ret_reason = "forged";
        return mt_text("%u lines came over the result channel that its worker did not write",
                       foreign);
    }
    return NULL;
}

/*
 * What went wrong with the process itself, whatever the test did; NULL: nothing. Whoever lacks
 * memory or processes may fail in any way, or do without; and with another QEMU than the one that
 * was meant nothing is found out at all.
 */
static char *process_fault(const struct mt_testimony *testimony, unsigned foreign,
                           const char **ret_reason)
{
    if (testimony->environment != NULL) {
        *ret_reason = "environment";
        return mt_text_copy(testimony->environment);
    }
    char *fault = fault_of_process(testimony, foreign, ret_reason);

    if (testimony->survivors != NULL) {
        *ret_reason = fault != NULL ? *ret_reason : "stray";
        set(&fault, mt_text("%s%sSIGKILL did not end %s", fault != NULL ? fault : "",
                            fault != NULL ? "; " : "", testimony->survivors));
    }
    if (testimony->lack != NULL) {
        MT_AUTO_FREE char *bare = fault;
        *ret_reason = "limit";
        return mt_text("%s%s%s", testimony->lack, bare != NULL ? ": " : "",
                       bare != NULL ? bare : "");
    }
    return fault;
}

char *mt_verdict_job_fault(const struct mt_testimony *testimony, unsigned foreign)
{
    const char *reason;

    return process_fault(testimony, foreign, &reason);
}

static void take_from_log(struct mt_cmocka_failure found, struct mt_verdict *verdict)
{
    verdict->message = found.message;
    verdict->file = found.file;
    verdict->line = found.line;
}

static void take_failure(const struct mt_testimony *testimony, struct mt_verdict *verdict)
{
    verdict->message = mt_text_copy(testimony->failure);
    verdict->file = mt_text_copy(testimony->failure_file);
    verdict->line = testimony->failure_line;
}

/* What fails of that says nothing about a migration. */
static void blame_signal(const struct mt_testimony *testimony, struct mt_verdict *verdict)
{
    if (testimony->stopped_side != NULL) {
        verdict->outcome = "error";
        verdict->reason = "stopped";
        set(&verdict->message, mt_text("its %s was sent a signal to end by, and then: %s",
                                       testimony->stopped_side, verdict->message));
    }
}

/* `fixture` may have failed after it; NULL: none has. */
static void failed(const struct mt_testimony *testimony, const char *fixture, const char *log,
                   struct mt_verdict *verdict)
{
    verdict->outcome = "failed";
    verdict->reason = "assertion";
    if (testimony->failure != NULL && testimony->failed_in_test) {
        take_failure(testimony, verdict);
    } else {
        take_from_log(mt_cmocka_log_failure(log), verdict);
    }
    if (verdict->message == NULL) {
        verdict->message = mt_text_copy("an assertion failed");
    }
    blame_signal(testimony, verdict);
    if (fixture != NULL) {
        set(&verdict->message,
            mt_text("%s; then its fixture %s failed, too", verdict->message, fixture));
    }
}

static void fixture_failed(const struct mt_testimony *testimony, const char *fixture,
                           const char *log, struct mt_verdict *verdict)
{
    verdict->outcome = "error";
    verdict->reason = "fixture";
    if (testimony->failure != NULL) {
        take_failure(testimony, verdict);
    } else {
        take_from_log(mt_cmocka_log_fixture_failure(log), verdict);
    }
    set(&verdict->message,
        mt_text("its fixture %s failed%s%s", fixture, verdict->message != NULL ? ": " : "",
                verdict->message != NULL ? verdict->message : ""));
    blame_signal(testimony, verdict);
}

/* Why it was skipped; NULL: it was not. cmocka's own way shows in what it prints alone. */
static const char *find_skip(const struct mt_testimony *testimony, const char *log)
{
    bool broke_off = testimony->test_entered && !testimony->test_passed;

    if (broke_off && testimony->skip_message == NULL && testimony->failure == NULL &&
        mt_cmocka_log_has_skip(log)) {
        return "it skips itself, without a reason, which mt_skip() takes";
    }
    return testimony->skip_message;
}

void mt_verdict_of(const struct mt_testimony *testimony, unsigned foreign, const char *log,
                   struct mt_verdict *ret_verdict)
{
    struct mt_verdict verdict = {.outcome = "error"};

    verdict.message = process_fault(testimony, foreign, &verdict.reason);
    if (verdict.message == NULL) {
        const char *fixture =
            testimony->failed_fixture != NULL ? testimony->failed_fixture : testimony->open_fixture;
        const char *skip = find_skip(testimony, log);
        if (testimony->test_entered && !testimony->test_passed && skip == NULL) {
            failed(testimony, fixture, log, &verdict);
        } else if (fixture != NULL) {
            fixture_failed(testimony, fixture, log, &verdict);
        } else if (skip != NULL) {
            verdict.outcome = "skipped";
            verdict.reason = testimony->undecided ? undecided_reason : "test";
            verdict.message = mt_text_copy(skip);
        } else if (!testimony->test_entered) {
            verdict.reason = "not-run";
            verdict.message = mt_text_copy("it was never entered");
        } else {
            verdict.outcome = "passed";
        }
    }
    *ret_verdict = verdict;
}
