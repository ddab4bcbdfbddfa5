/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which test of a plan begins next: so many at once as there are slots, each as heavy as it says,
 * those that want the machine to themselves last and alone; round after round where tests are
 * repeated.
 */
#ifndef MT_RUNNER_SCHEDULE_H
#define MT_RUNNER_SCHEDULE_H

#include "plan/durations.h"
#include "plan/history.h"
#include "plan/plan.h"

/* Where a planned test stands. */
struct mt_turn {
    bool decided;      /* whether it can run here is known */
    bool settled;      /* nothing more of it is to be run */
    int64_t begun;     /* repetitions */
    int64_t left_out;  /* numbers of repetitions that an earlier run began, and did not end */
    int64_t attempts;  /* at the next repetition, that an earlier run has made */
    const char *fault; /* of the first of these */
};

struct mt_schedule {
    const struct mt_plan_list *plan;
    struct mt_turn *turns; /* one for each planned test */
    size_t *order;
    size_t next;    /* in the order: all before it have begun this round */
    int64_t round;  /* from 1 */
    int64_t rounds; /* 0: without end */
    unsigned slots;
    unsigned used;
    unsigned running;
    bool alone; /* what runs has the machine to itself */
};

/*
 * `seed` shuffles, the same way everywhere. 0: where several run at once, what took long by
 * `durations` (NULL: that is not known) begins first; all others as planned. `history` (NULL: none)
 * is of a run that is gone on with: what was made then is not made again.
 */
void mt_schedule_init(struct mt_schedule *schedule, const struct mt_plan_list *plan, unsigned slots,
                      int64_t rounds, int64_t seed, const struct mt_durations *durations,
                      const struct mt_history *history);
void mt_schedule_clear(struct mt_schedule *schedule);

/* Whether a test may begin now; it counts as running from then on. */
bool mt_schedule_begin(struct mt_schedule *schedule, size_t *ret_index);

/* That test, begun before, does not run any more. */
void mt_schedule_end(struct mt_schedule *schedule, size_t index);

/* Nothing more begins. */
void mt_schedule_close(struct mt_schedule *schedule);

/* Whether all is through. */
bool mt_schedule_is_over(const struct mt_schedule *schedule);

#endif
