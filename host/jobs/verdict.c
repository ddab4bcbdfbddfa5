/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/verdict.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "jobs/cmocka_log.h"
#include "jobs/job_fault.h"

static const char undecided_reason[] = "undecided";

bool mt_verdict_is_undecided(const struct mt_verdict *verdict)
{
    return strcmp(verdict->outcome, "skipped") == 0 &&
           strcmp(verdict->reason, undecided_reason) == 0;
}

static void set_message(struct mt_verdict *verdict, char *message)
{
    free(verdict->message);
    verdict->message = message;
}

static void use_failure(const struct mt_job_facts *facts, struct mt_verdict *verdict)
{
    verdict->message = mt_text_copy(facts->failure);
    verdict->file = mt_text_copy(facts->failure_file);
    verdict->line = facts->failure_line;
}

static void use_log(struct mt_cmocka_failure failure, struct mt_verdict *verdict)
{
    verdict->message = failure.message;
    verdict->file = failure.file;
    verdict->line = failure.line;
}

/* What fails after somebody has ended a QEMU says nothing about a migration. */
static void blame_signal(const struct mt_job_facts *facts, struct mt_verdict *verdict)
{
    if (facts->stopped_side != NULL) {
        verdict->outcome = "error";
        verdict->reason = "stopped";
        set_message(verdict, mt_text("its %s was sent a signal to end by, and then: %s",
                                     facts->stopped_side, verdict->message));
    }
}

/* `fixture` is one that failed after the test; NULL: none did. */
static void test_failed(const struct mt_job_facts *facts, const char *fixture, const char *log,
                        struct mt_verdict *verdict)
{
    verdict->outcome = "failed";
    verdict->reason = "assertion";
    if (facts->failure != NULL && facts->failed_in_test) {
        use_failure(facts, verdict);
    } else {
        use_log(mt_cmocka_log_failure(log), verdict);
    }
    if (verdict->message == NULL) {
        verdict->message = mt_text_copy("an assertion failed");
    }
    blame_signal(facts, verdict);
    if (fixture != NULL) {
        mt_text_append(&verdict->message, "; then its fixture %s failed, too", fixture);
    }
}

static void fixture_failed(const struct mt_job_facts *facts, const char *fixture, const char *log,
                           struct mt_verdict *verdict)
{
    verdict->outcome = "error";
    verdict->reason = "fixture";
    if (facts->failure != NULL) {
        use_failure(facts, verdict);
    } else {
        use_log(mt_cmocka_log_fixture_failure(log), verdict);
    }
    set_message(verdict,
                mt_text("its fixture %s failed%s%s", fixture, verdict->message != NULL ? ": " : "",
                        verdict->message != NULL ? verdict->message : ""));
    blame_signal(facts, verdict);
}

/* Why the test was skipped; NULL: it was not. Only the log shows that it called cmocka's skip(). */
static const char *skip_message(const struct mt_job_facts *facts, const char *log)
{
    bool unfinished = facts->test_entered && !facts->test_passed;

    if (unfinished && facts->skip_message == NULL && facts->failure == NULL &&
        mt_cmocka_log_has_skip(log)) {
        return "it skips itself, without a reason, which mt_skip() takes";
    }
    return facts->skip_message;
}

/* The process of the test is in order, so what the test and its fixtures did decides. */
static void judge_test(const struct mt_job_facts *facts, const char *log,
                       struct mt_verdict *verdict)
{
    const char *fixture =
        facts->failed_fixture != NULL ? facts->failed_fixture : facts->open_fixture;
    const char *skip = skip_message(facts, log);

    if (facts->test_entered && !facts->test_passed && skip == NULL) {
        test_failed(facts, fixture, log, verdict);
    } else if (fixture != NULL) {
        fixture_failed(facts, fixture, log, verdict);
    } else if (skip != NULL) {
        verdict->outcome = "skipped";
        verdict->reason = facts->undecided ? undecided_reason : "test";
        verdict->message = mt_text_copy(skip);
    } else if (!facts->test_entered) {
        verdict->reason = "not-run";
        verdict->message = mt_text_copy("it was never entered");
    } else {
        verdict->outcome = "passed";
    }
}

void mt_verdict_make(const struct mt_job_facts *facts, unsigned foreign, const char *log,
                     struct mt_verdict *ret_verdict)
{
    struct mt_verdict verdict = {.outcome = "error"};

    verdict.message = mt_job_fault(facts, foreign, &verdict.reason);
    if (verdict.message == NULL) {
        judge_test(facts, log, &verdict);
    }
    *ret_verdict = verdict;
}

void mt_verdict_clear(struct mt_verdict *verdict)
{
    free(verdict->message);
    free(verdict->file);
    *verdict = (struct mt_verdict){0};
}
