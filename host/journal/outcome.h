/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a test can end, and what the words of the journal for that mean. All code asks here what an
 * outcome or a reason means, so a new outcome is added here only.
 */
#ifndef MT_JOURNAL_OUTCOME_H
#define MT_JOURNAL_OUTCOME_H

#include <stdbool.h>

/* What reports show. The journal has four words for it: passed, skipped, failed, error. */
enum mt_outcome {
    MT_OUTCOME_PASSED,
    MT_OUTCOME_FLAKY, /* passed, after an attempt that failed */
    MT_OUTCOME_SKIPPED,
    MT_OUTCOME_FAILED,
    MT_OUTCOME_ERROR,
    MT_OUTCOME_QUARANTINED, /* failed or error, and the manifest allows it */
};

/* Reasons with a meaning of their own. docs/journal.md lists all reasons. */
#define MT_REASON_FLAKY "flaky"
#define MT_REASON_INTERRUPTED "interrupted" /* a signal ended the run */
#define MT_REASON_STOPPED "stopped"         /* somebody else ended the test's processes */
#define MT_REASON_FAIL_FAST "fail-fast"
#define MT_REASON_DISABLED "disabled" /* the manifest disables the test's plugin */
#define MT_REASON_UNDECIDED "undecided"
#define MT_REASON_SLOW "slow"

/* Whether the word is one of the four words of the journal. NULL is not. */
bool mt_outcome_is_known(const char *word);

/* `word`, `reason` and `quarantine` as an event has them; `reason` and `quarantine` may be NULL. A
 * word that is not known is an error. */
enum mt_outcome mt_outcome_of(const char *word, const char *reason, const char *quarantine);

/* Failed, error or quarantined. */
bool mt_outcome_is_bad(enum mt_outcome outcome);
bool mt_outcome_word_is_bad(const char *word);

/* Failed or error, for which a run fails. */
bool mt_outcome_fails_run(enum mt_outcome outcome);

/* These functions take the reason of an event, which may be NULL. */

/* A signal ended the run. */
bool mt_reason_is_interrupted(const char *reason);

/* The attempt did not end by itself, so its outcome says nothing about the test: the run was
 * interrupted, or somebody else ended the test's processes. A CI system that aborts a build may end
 * these processes before the run itself gets a signal. */
bool mt_reason_is_cut_off(const char *reason);

/* The test has no result, since it was cut off or left out after another test had failed. */
bool mt_reason_is_no_result(const char *reason);

/* The test was skipped for now: a run that is resumed may run the test. */
bool mt_reason_is_deferred(const char *reason);

/* The host did not give the test the processor time without which nothing can be found out. */
bool mt_reason_is_undecided(const char *reason);

/* A skip for this reason counts against the manifest's max_skips: something is missing here. A test
 * that the run left out on request, or since the run ended early, misses nothing. */
bool mt_reason_is_missing(const char *reason);

#endif
