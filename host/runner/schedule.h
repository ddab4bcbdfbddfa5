/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decides which test of a plan begins next. As many tests run at once as the slots allow; a test
 * takes as many slots as its weight. Tests that need the machine for themselves run last, and
 * alone. Where tests are repeated, each round runs every test once.
 */
#ifndef MT_RUNNER_SCHEDULE_H
#define MT_RUNNER_SCHEDULE_H

#include "plan/durations.h"
#include "plan/history.h"
#include "plan/plan.h"

/* The state of a planned test. */
struct mt_scheduled_test {
    bool decided;              /* it is known whether the test can run here */
    bool is_over;              /* no more repetitions of it are to be run */
    int64_t repetitions;       /* number of repetitions that have begun */
    int64_t skipped_numbers;   /* repetitions that an earlier run began and did not end */
    int64_t earlier_attempts;  /* attempts that an earlier run made at the next repetition */
    const char *earlier_fault; /* of the first of these attempts */
};

struct mt_schedule {
    const struct mt_plan_list *plan;
    struct mt_scheduled_test *states; /* one for each planned test */
    size_t *order;
    size_t next;    /* index in `order`; all tests before it have begun this round */
    int64_t round;  /* from 1 */
    int64_t rounds; /* 0: endless */
    unsigned slots;
    unsigned used;
    unsigned running;
    bool alone; /* the running test has the machine for itself */
};

/*
 * A `seed` other than 0 shuffles the tests, in the same way on every host. With 0, and several
 * slots, tests that took long according to `durations` (NULL: unknown) begin first; the others keep
 * the planned order. `history` (NULL: none) is of the run that this run resumes: repetitions that
 * it completed are not run again.
 */
void mt_schedule_init(struct mt_schedule *schedule, const struct mt_plan_list *plan, unsigned slots,
                      int64_t rounds, int64_t seed, const struct mt_durations *durations,
                      const struct mt_history *history);
void mt_schedule_clear(struct mt_schedule *schedule);

/* Returns whether a test may begin now. That test counts as running from then on. */
bool mt_schedule_begin(struct mt_schedule *schedule, size_t *ret_index);

/* The test that began before has ended. */
void mt_schedule_end(struct mt_schedule *schedule, size_t index);

/* No more tests begin. */
void mt_schedule_close(struct mt_schedule *schedule);

/* Whether nothing runs and nothing is left to run. */
bool mt_schedule_is_over(const struct mt_schedule *schedule);

#endif
