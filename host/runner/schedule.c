/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/schedule.h"

#include <stdlib.h>

#include "base/text.h"

static unsigned weight_of(const struct mt_planned *test)
{
    int64_t weight = json_integer_value(json_object_get(test->description, "weight"));

    return weight > 0 && weight <= 1024 ? (unsigned)weight : 1;
}

static bool is_alone(const struct mt_planned *test)
{
    return json_is_true(json_object_get(test->description, "alone"));
}

/* SplitMix64, since rand() gives other numbers with another C library. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t value = (*state += 0x9e3779b97f4a7c15U);

    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31);
}

static void shuffle(size_t *order, size_t count, uint64_t state)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = (size_t)(next_random(&state) % i);
        size_t last = order[i - 1];
        order[i - 1] = order[j];
        order[j] = last;
    }
}

/* Tests that run alone go last, so that no other test waits for them. */
static void put_last(const struct mt_plan_list *plan, size_t *order)
{
    size_t *last = mt_alloc(plan->count, sizeof(*last));
    size_t count = 0;
    size_t last_count = 0;

    for (size_t i = 0; i < plan->count; i++) {
        if (is_alone(&plan->tests[order[i]])) {
            last[last_count++] = order[i];
        } else {
            order[count++] = order[i];
        }
    }
    for (size_t i = 0; i < last_count; i++) {
        order[count + i] = last[i];
    }
    free(last);
}

struct known_duration {
    double seconds;
    size_t index;
};

static int compare_known(const void *left, const void *right)
{
    const struct known_duration *a = left;
    const struct known_duration *b = right;

    if (a->seconds != b->seconds) {
        return a->seconds > b->seconds ? -1 : 1;
    }
    return a->index < b->index ? -1 : a->index > b->index;
}

/* A long test that begins last would still run when all other tests are over. */
static void put_longest_first(const struct mt_plan_list *plan, size_t *order,
                              const struct mt_durations *durations)
{
    struct known_duration *known = mt_alloc(plan->count, sizeof(*known));

    for (size_t i = 0; i < plan->count; i++) {
        const struct mt_planned *test = &plan->tests[i];
        known[i].seconds = mt_durations_find(durations, &test->id);
        known[i].index = i;
    }
    qsort(known, plan->count, sizeof(*known), compare_known);
    for (size_t i = 0; i < plan->count; i++) {
        order[i] = known[i].index;
    }
    free(known);
}

static size_t *order_of(const struct mt_plan_list *plan, int64_t seed,
                        const struct mt_durations *durations)
{
    size_t *order = mt_alloc(plan->count, sizeof(*order));

    for (size_t i = 0; i < plan->count; i++) {
        order[i] = i;
    }
    if (seed != 0) {
        shuffle(order, plan->count, (uint64_t)seed);
    } else if (durations != NULL) {
        put_longest_first(plan, order, durations);
    }
    put_last(plan, order);
    return order;
}

static void take_earlier(struct mt_scheduled_test *scheduled, const struct mt_test_state *earlier)
{
    int64_t repetitions = earlier->repetitions;
    int64_t last = earlier->last_repetition;

    scheduled->is_over = earlier->left_out;
    scheduled->repetitions = repetitions;
    scheduled->skipped_numbers = last > repetitions ? last - repetitions : 0;
    scheduled->earlier_attempts = earlier->attempts;
    scheduled->earlier_fault = earlier->fault;
}

void mt_schedule_init(struct mt_schedule *schedule, const struct mt_plan_list *plan, unsigned slots,
                      int64_t rounds, int64_t seed, const struct mt_durations *durations,
                      const struct mt_history *history)
{
    *schedule = (struct mt_schedule){
        .plan = plan,
        .states = mt_alloc(plan->count, sizeof(*schedule->states)),
        .order = order_of(plan, seed, slots > 1 ? durations : NULL),
        .round = 1,
        .rounds = rounds,
        .slots = slots,
    };
    for (size_t i = 0; history != NULL && i < plan->count; i++) {
        const struct mt_planned *test = &plan->tests[i];
        const struct mt_test_state *earlier = mt_history_find(history, &test->id);
        if (earlier != NULL) {
            take_earlier(&schedule->states[i], earlier);
        }
    }
}

void mt_schedule_clear(struct mt_schedule *schedule)
{
    free(schedule->states);
    free(schedule->order);
    *schedule = (struct mt_schedule){0};
}

static bool has_begun_round(const struct mt_schedule *schedule, size_t index)
{
    const struct mt_scheduled_test *state = &schedule->states[index];

    return state->is_over || state->repetitions >= schedule->round;
}

static bool has_room(const struct mt_schedule *schedule, const struct mt_planned *test)
{
    if (schedule->running == 0) {
        return true;
    }
    return !schedule->alone && !is_alone(test) &&
           schedule->used + weight_of(test) <= schedule->slots;
}

/* Skips tests that need more slots than are free, and tests that are not decided yet. */
static bool schedule_find(struct mt_schedule *schedule, size_t *ret_index)
{
    for (size_t i = schedule->next;
         i < schedule->plan->count && (schedule->used < schedule->slots || schedule->running == 0);
         i++) {
        size_t index = schedule->order[i];
        bool begun = has_begun_round(schedule, index);
        if (begun && i == schedule->next) {
            schedule->next++;
        }
        if (!begun && schedule->states[index].decided &&
            has_room(schedule, &schedule->plan->tests[index])) {
            *ret_index = index;
            return true;
        }
    }
    return false;
}

static bool may_go_on(const struct mt_schedule *schedule)
{
    if (schedule->rounds != 0 && schedule->round >= schedule->rounds) {
        return false;
    }
    for (size_t i = 0; i < schedule->plan->count; i++) {
        if (!schedule->states[i].is_over) {
            return true;
        }
    }
    return false;
}

bool mt_schedule_begin(struct mt_schedule *schedule, size_t *ret_index)
{
    while (!schedule_find(schedule, ret_index)) {
        if (schedule->next < schedule->plan->count || !may_go_on(schedule)) {
            return false;
        }
        schedule->round++;
        schedule->next = 0;
    }
    const struct mt_planned *test = &schedule->plan->tests[*ret_index];
    schedule->states[*ret_index].repetitions++;
    schedule->running++;
    schedule->used += weight_of(test);
    schedule->alone = is_alone(test);
    return true;
}

void mt_schedule_end(struct mt_schedule *schedule, size_t index)
{
    schedule->running--;
    schedule->used -= weight_of(&schedule->plan->tests[index]);
    schedule->alone = false;
}

void mt_schedule_close(struct mt_schedule *schedule)
{
    for (size_t i = 0; i < schedule->plan->count; i++) {
        schedule->states[i].is_over = true;
    }
    schedule->next = schedule->plan->count;
}

bool mt_schedule_is_over(const struct mt_schedule *schedule)
{
    return schedule->running == 0 && schedule->next == schedule->plan->count &&
           !may_go_on(schedule);
}
