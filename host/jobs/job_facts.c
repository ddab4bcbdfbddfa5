/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/job_facts.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static void replace_text(char **text, char *value)
{
    free(*text);
    *text = value;
}

static void add_failed_fixture(struct mt_job_facts *facts, const char *name)
{
    if (facts->failed_fixture == NULL) {
        facts->failed_fixture = mt_text_copy(name);
    }
}

/* A failed assertion leaves its fixture at once. So a fixture that has not returned when the next
 * one is entered has failed. */
static void add_entered(struct mt_job_facts *facts, const char *name)
{
    if (strcmp(name, "test") == 0) {
        facts->test_entered = true;
        return;
    }
    if (facts->open_fixture != NULL) {
        add_failed_fixture(facts, facts->open_fixture);
    }
    replace_text(&facts->open_fixture, mt_text_copy(name));
}

static void add_returned(struct mt_job_facts *facts, const char *name, bool passed)
{
    if (strcmp(name, "test") == 0) {
        facts->test_passed = passed;
        return;
    }
    replace_text(&facts->open_fixture, NULL);
    if (!passed) {
        add_failed_fixture(facts, name);
    }
}

/* A skip ends a setup as it ends the test. In a teardown it is a failed fixture. */
static void add_skipped(struct mt_job_facts *facts, const char *why, bool undecided)
{
    if (facts->test_entered && facts->open_fixture != NULL) {
        return;
    }
    replace_text(&facts->open_fixture, NULL);
    replace_text(&facts->skip_message, mt_text_copy(why));
    facts->undecided = undecided;
}

static void add_failed(struct mt_job_facts *facts, const struct mt_record *record)
{
    if (facts->failure == NULL) {
        facts->failure = mt_text_copy(record->failure.message);
        facts->failure_file = mt_text_copy(record->failure.file);
        facts->failure_line = record->failure.line;
        facts->failed_in_test = facts->test_entered && facts->open_fixture == NULL;
        facts->stopped_side = mt_text_copy(record->failure.stopped);
    }
}

static void add_exit(struct mt_job_facts *facts, const struct mt_record *record)
{
    facts->ended = true;
    facts->status = record->exit.status;
    facts->leftovers = record->exit.leftovers;
    replace_text(&facts->signal, mt_text_copy(record->exit.signal));
    replace_text(&facts->exceeded_limit, mt_text_copy(record->exit.exceeded_limit));
}

static void add_timeout(struct mt_job_facts *facts, const struct mt_record *record)
{
    facts->ended = true;
    facts->timeout_ms = record->timeout.ms;
    replace_text(&facts->exceeded_limit, mt_text_copy(record->timeout.exceeded_limit));
}

static char *wait_text(const struct mt_record *record)
{
    return mt_text("%s (%s)", record->wait.what, record->wait.side);
}

void mt_job_facts_add(struct mt_job_facts *facts, const struct mt_record *record)
{
    switch (record->kind) {
    case MT_RECORD_ENTERED:
        add_entered(facts, record->step.what);
        break;
    case MT_RECORD_RETURNED:
        add_returned(facts, record->step.what, record->step.passed);
        break;
    case MT_RECORD_FAILED:
        add_failed(facts, record);
        break;
    case MT_RECORD_SKIPPED:
        add_skipped(facts, record->message.text, false);
        break;
    case MT_RECORD_UNDECIDED:
        add_skipped(facts, record->message.text, true);
        break;
    case MT_RECORD_WAITING:
        replace_text(&facts->waiting, wait_text(record));
        break;
    case MT_RECORD_MOVED:
        replace_text(&facts->moved, wait_text(record));
        break;
    case MT_RECORD_ENVIRONMENT:
        replace_text(&facts->environment, mt_text_copy(record->message.text));
        break;
    case MT_RECORD_ERROR:
        replace_text(&facts->error, mt_text_copy(record->message.text));
        break;
    case MT_RECORD_DONE:
        facts->done = true;
        break;
    case MT_RECORD_EXIT:
        add_exit(facts, record);
        break;
    case MT_RECORD_TIMEOUT:
        add_timeout(facts, record);
        break;
    case MT_RECORD_STOPPED:
        facts->ended = facts->stopped = true;
        break;
    case MT_RECORD_SURVIVOR:
        mt_text_append_item(&facts->survivors, ", ", "%s", record->message.text);
        break;
    case MT_RECORD_TOO_LONG:
        facts->record_too_long = true;
        break;
    case MT_RECORD_PLUGIN:
    case MT_RECORD_GROUP:
    case MT_RECORD_ABILITIES:
    case MT_RECORD_RUNS:
    case MT_RECORD_TRIED:
    case MT_RECORD_MANNERS:
    case MT_RECORD_NOTE:
    case MT_RECORD_QEMU:
    case MT_RECORD_GREETED:
    case MT_RECORD_KINDS:
        break;
    }
}

void mt_job_facts_clear(struct mt_job_facts *facts)
{
    free(facts->open_fixture);
    free(facts->failed_fixture);
    free(facts->skip_message);
    free(facts->failure);
    free(facts->failure_file);
    free(facts->stopped_side);
    free(facts->waiting);
    free(facts->moved);
    free(facts->environment);
    free(facts->error);
    free(facts->signal);
    free(facts->survivors);
    free(facts->exceeded_limit);
    *facts = (struct mt_job_facts){0};
}
