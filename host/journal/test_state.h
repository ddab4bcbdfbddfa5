/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the events of a run say about one test: which attempts have started and ended, and which
 * outcome counts. This is the only interpretation of the journal: a run, its reports, --failed and
 * --resume all read the journal through it.
 */
#ifndef MT_JOURNAL_TEST_STATE_H
#define MT_JOURNAL_TEST_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "journal/event.h"

/* A repetition has attempts, of which the last one is final. Repetitions may run at the same
 * time. */
struct mt_test_state {
    bool planned;
    bool left_out;           /* skipped, or no attempt was possible: no repetition is to follow */
    bool unfinished;         /* an attempt started and has no verdict */
    size_t under_way;        /* attempts that started since the run was last resumed, and run yet */
    size_t without_verdict;  /* attempts since then that ended cut off or undecided */
    int64_t repetitions;     /* with a verdict */
    int64_t last_repetition; /* the highest number of a repetition with a verdict */
    size_t failures;         /* repetitions for which the run fails */
    int64_t attempts;        /* that failed, of the repetition that has no verdict yet */
    int64_t attempts_of;     /* the number of that repetition */
    char *fault;             /* the message of the first of these attempts */
    bool has_verdict;
    struct mt_event verdict; /* skipped or finished */
    bool has_cut_off;
    struct mt_event cut_off; /* a final attempt that was cut off since the run was last resumed */
};

/* An event of this test. Events of other kinds change nothing. */
void mt_test_state_add(struct mt_test_state *state, const struct mt_event *event);

/* The run had ended early and is resumed. Repetitions that were cut off then run again. */
void mt_test_state_resume(struct mt_test_state *state);

/* The journal ends here, though the run had not ended. A repetition that was under way then counts,
 * and hides those that passed. */
void mt_test_state_break_off(struct mt_test_state *state);

void mt_test_state_clear(struct mt_test_state *state);

/*
 * The event that says how the test ended; NULL: the test has not ended. The worst of several
 * repetitions counts: bad, then flaky, then passed, then skipped. Of equally bad ones the first
 * counts. A repetition that somebody else stopped is worse than a flaky one, but does not hide one
 * that went wrong by itself. An interrupted repetition counts only if there is no other.
 */
const struct mt_event *mt_test_state_ending(const struct mt_test_state *state);

/* Whether a repetition went wrong by itself. */
bool mt_test_state_is_bad(const struct mt_test_state *state);

/* Whether the test went wrong, or started and has no verdict. */
bool mt_test_state_needs_rerun(const struct mt_test_state *state);

/* Whether no repetition of the test follows this event of the test: the test is skipped, or it
 * could not even be tried. */
bool mt_event_leaves_test_out(const struct mt_event *event);

#endif
