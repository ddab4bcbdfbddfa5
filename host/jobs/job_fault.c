/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/job_fault.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "protocol/channel.h"

/* What a job that did not end was doing, as the end of a sentence. */
static char *latest_activity(const struct mt_job_facts *facts)
{
    char *text = mt_text_copy("");

    if (facts->waiting != NULL) {
        mt_text_append(&text, "; it last waited for %s", facts->waiting);
    }
    if (facts->moved != NULL) {
        mt_text_append(&text, "; the last thing that moved was %s", facts->moved);
    }
    return text;
}

/* With three digits where these say enough. */
static char *seconds(int64_t ms)
{
    double value = (double)ms / 1000;

    return value < 100 ? mt_text("%.3g", value) : mt_text("%.0f", value);
}

/* The job did not end by itself, or nobody knows how it ended. */
static char *no_end(const struct mt_job_facts *facts, const char **ret_reason)
{
    MT_AUTO_FREE char *activity = latest_activity(facts);

    if (facts->stalled_ms > 0) {
        MT_AUTO_FREE char *time = seconds(facts->stalled_ms);
        *ret_reason = "stalled";
        return mt_text("nothing moved any more for %s s%s", time, activity);
    }
    if (facts->timeout_ms > 0) {
        MT_AUTO_FREE char *time = seconds(facts->timeout_ms);
        *ret_reason = "timeout";
        return mt_text("it did not end within %s s%s", time, activity);
    }
    if (facts->stopped) {
        *ret_reason = "stopped";
        return mt_text("it was stopped%s", activity);
    }
    if (!facts->ended && facts->error != NULL) {
        *ret_reason = "worker";
        return mt_text_copy(facts->error);
    }
    if (!facts->ended) {
        *ret_reason = "worker";
        return mt_text("its worker ended without a last word%s", activity);
    }
    if (facts->signal != NULL && strcmp(facts->signal, "SIGTERM") == 0) {
        *ret_reason = "stopped";
        return mt_text("its process was sent SIGTERM%s", activity);
    }
    return NULL;
}

/* The job ended by itself, but not as it should. */
static char *wrong_end(const struct mt_job_facts *facts, const char **ret_reason)
{
    const char *fixture = facts->open_fixture;

    if (facts->signal != NULL) {
        *ret_reason = "crash";
        return mt_text("it crashed with %s%s%s", facts->signal,
                       fixture != NULL ? " in its fixture " : "", fixture != NULL ? fixture : "");
    }
    if (facts->error != NULL) {
        *ret_reason = "error";
        return mt_text_copy(facts->error);
    }
    if (!facts->done) {
        *ret_reason = "exit";
        return mt_text("its process ended by itself, with status %lld, before it was through",
                       (long long)facts->status);
    }
    if (facts->status != 0) {
        *ret_reason = "exit";
        return mt_text("its process ended with status %lld", (long long)facts->status);
    }
    return NULL;
}

/* The job ended in order, but it left something behind, or its records cannot be relied on. */
static char *bad_traces(const struct mt_job_facts *facts, unsigned foreign, const char **ret_reason)
{
    if (facts->leftovers > 0) {
        bool single = facts->leftovers == 1;
        *ret_reason = "stray";
        return mt_text("it left %lld %s behind, which %s killed", (long long)facts->leftovers,
                       single ? "process" : "processes", single ? "was" : "were");
    }
    if (facts->record_too_long) {
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

static char *fault_of_process(const struct mt_job_facts *facts, unsigned foreign,
                              const char **ret_reason)
{
    char *fault = no_end(facts, ret_reason);

    if (fault == NULL) {
        fault = wrong_end(facts, ret_reason);
    }
    return fault != NULL ? fault : bad_traces(facts, foreign, ret_reason);
}

/*
 * A wrong environment comes first: with another QEMU than the expected one, nothing is found out
 * at all. A job that exceeds a limit may fail in any way, or not at all, so the limit comes second.
 */
static char *find_fault(const struct mt_job_facts *facts, unsigned foreign, const char **ret_reason)
{
    if (facts->environment != NULL) {
        *ret_reason = "environment";
        return mt_text_copy(facts->environment);
    }
    char *fault = fault_of_process(facts, foreign, ret_reason);
    if (facts->survivors != NULL) {
        *ret_reason = fault != NULL ? *ret_reason : "stray";
        mt_text_append_item(&fault, "; ", "SIGKILL did not end %s", facts->survivors);
    }
    if (facts->exceeded_limit != NULL) {
        MT_AUTO_FREE char *bare = fault;
        *ret_reason = "limit";
        return mt_text("%s%s%s", facts->exceeded_limit, bare != NULL ? ": " : "",
                       bare != NULL ? bare : "");
    }
    return fault;
}

char *mt_job_fault(const struct mt_job_facts *facts, unsigned foreign, const char **ret_reason)
{
    const char *reason = NULL;
    char *fault = find_fault(facts, foreign, &reason);

    if (ret_reason != NULL && fault != NULL) {
        *ret_reason = reason;
    }
    return fault;
}
