/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/outcome.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *word;
    enum mt_outcome outcome;
} words[] = {
    {"passed", MT_OUTCOME_PASSED},
    {"skipped", MT_OUTCOME_SKIPPED},
    {"failed", MT_OUTCOME_FAILED},
    {"error", MT_OUTCOME_ERROR},
};

enum { WORDS = sizeof(words) / sizeof(words[0]) };

bool mt_outcome_is_known(const char *word)
{
    for (size_t i = 0; word != NULL && i < WORDS; i++) {
        if (strcmp(words[i].word, word) == 0) {
            return true;
        }
    }
    return false;
}

static enum mt_outcome outcome_of_word(const char *word)
{
    for (size_t i = 0; word != NULL && i < WORDS; i++) {
        if (strcmp(words[i].word, word) == 0) {
            return words[i].outcome;
        }
    }
    return MT_OUTCOME_ERROR;
}

static bool reason_is(const char *reason, const char *expected)
{
    return reason != NULL && strcmp(reason, expected) == 0;
}

enum mt_outcome mt_outcome_of(const char *word, const char *reason, const char *quarantine)
{
    enum mt_outcome outcome = outcome_of_word(word);

    if (outcome == MT_OUTCOME_PASSED && reason_is(reason, MT_REASON_FLAKY)) {
        return MT_OUTCOME_FLAKY;
    }
    return mt_outcome_is_bad(outcome) && quarantine != NULL ? MT_OUTCOME_QUARANTINED : outcome;
}

bool mt_outcome_is_bad(enum mt_outcome outcome)
{
    return outcome == MT_OUTCOME_FAILED || outcome == MT_OUTCOME_ERROR ||
           outcome == MT_OUTCOME_QUARANTINED;
}

bool mt_outcome_word_is_bad(const char *word)
{
    return mt_outcome_is_bad(outcome_of_word(word));
}

bool mt_outcome_fails_run(enum mt_outcome outcome)
{
    return mt_outcome_is_bad(outcome) && outcome != MT_OUTCOME_QUARANTINED;
}

bool mt_reason_is_interrupted(const char *reason)
{
    return reason_is(reason, MT_REASON_INTERRUPTED);
}

bool mt_reason_is_cut_off(const char *reason)
{
    return mt_reason_is_interrupted(reason) || reason_is(reason, MT_REASON_STOPPED);
}

bool mt_reason_is_no_result(const char *reason)
{
    return mt_reason_is_cut_off(reason) || reason_is(reason, MT_REASON_FAIL_FAST);
}

bool mt_reason_is_deferred(const char *reason)
{
    return mt_reason_is_interrupted(reason) || reason_is(reason, MT_REASON_FAIL_FAST) ||
           reason_is(reason, MT_REASON_DISABLED);
}

bool mt_reason_is_undecided(const char *reason)
{
    return reason_is(reason, MT_REASON_UNDECIDED);
}

bool mt_reason_is_missing(const char *reason)
{
    return !mt_reason_is_deferred(reason) && !reason_is(reason, MT_REASON_SLOW);
}
