/* SPDX-License-Identifier: Apache-2.0 */
/* How fast the source's memory gets dirty, and how fast its guest is meanwhile. */
#include <time.h>

#include "plugins/dirtylimit/dirtylimit.h"

enum {
    MEASUREMENTS = 19,
    MEASURE_SECONDS = 1,
    MEASURE_TIMEOUT_MS = 20000,
    UPSTREAM_LIMIT_MB = 50,
    TIGHT_PART = 10,
    LEAST_TIGHT_MB = 2,
    SPOILING_MS = 500, /* a stall that disturbs the last second */
};

/*
 * Parts of a second. A guest without a limit was seen awake for 92 % and more, also on a busy host,
 * as a CPU that waits for a processor counts as awake. A guest with a tight limit was awake for 8
 * to 30 %.
 */
static const double least_awake_free = 0.75;
static const double most_awake_held = 0.6;

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double awake_s(struct mt_vm *vm)
{
    return (double)(mt_guest_ran_ns(vm) + mt_guest_waited_ns(vm)) / 1e9;
}

/* QEMU has no event for the end of a measurement. */
struct second measure_second(struct mt_vm *vm)
{
    double start = now_s();
    double awake = awake_s(vm);
    int64_t beats = mt_guest_beats(vm);

    mt_qmp(vm, "calc-dirty-rate", "{'calc-time': %d, 'mode': 'dirty-ring'}", MEASURE_SECONDS);
    struct mt_reply *rate =
        mt_wait_reply(vm, "query-dirty-rate", "status", "measured", MEASURE_TIMEOUT_MS);
    double length = now_s() - start;
    return (struct second){
        .rate_mb = mt_reply_int(rate, "vcpu-dirty-rate.0.dirty-rate"),
        .pace = (double)(mt_guest_beats(vm) - beats) / length,
        .awake = (awake_s(vm) - awake) / length,
    };
}

void note_second(struct mt_pair *pair, const char *when, struct second second)
{
    mt_note(pair, when, "%lld MB/s, %.1f beats a second, awake %.0f %% of the time",
            (long long)second.rate_mb, second.pace, 100 * second.awake);
}

struct seconds {
    struct second last;
    int64_t fastest_mb;
};

/* What a second must be like, and what the test says about a second that is not. */
struct goal {
    bool (*reached)(const struct second *second, const struct goal *goal);
    bool (*too_slow)(const struct seconds *found, const struct goal *goal); /* NULL: never */
    int64_t origin_mb; /* of a goal that may be too much for a slow guest */
    int64_t mb;
    double pace;
    const char *text;
};

static bool is_below(const struct second *second, const struct goal *goal)
{
    return second->rate_mb < goal->mb;
}

static bool is_above(const struct second *second, const struct goal *goal)
{
    return second->rate_mb > goal->mb;
}

static bool is_awake(const struct second *second, const struct goal *goal)
{
    (void)goal;
    return second->awake >= least_awake_free;
}

static bool is_held(const struct second *second, const struct goal *goal)
{
    return is_below(second, goal) && second->awake <= most_awake_held && second->pace <= goal->pace;
}

static bool is_free(const struct second *second, const struct goal *goal)
{
    return is_above(second, goal) && is_awake(second, goal) && second->pace >= goal->pace;
}

/* Not throttled, and never fast enough for QEMU to enforce a limit. */
static bool is_too_slow_to_hold(const struct seconds *found, const struct goal *goal)
{
    return found->fastest_mb < goal->mb && is_awake(&found->last, goal);
}

static bool is_too_slow_to_exceed(const struct seconds *found, const struct goal *goal)
{
    return found->fastest_mb <= goal->mb && is_awake(&found->last, goal) &&
           found->last.pace >= goal->pace;
}

static bool measured(struct mt_pair *pair, const struct goal *goal, struct seconds *ret_seconds)
{
    *ret_seconds = (struct seconds){0};
    for (int i = 0; i < MEASUREMENTS; i++) {
        mt_watch_starvation(pair);
        ret_seconds->last = measure_second(mt_source(pair));
        if (goal->reached(&ret_seconds->last, goal)) {
            return true;
        }
        if (ret_seconds->last.rate_mb > ret_seconds->fastest_mb) {
            ret_seconds->fastest_mb = ret_seconds->last.rate_mb;
        }
    }
    return false;
}

/* The guest of a real KVM does not become that slow: there this is a fault. */
static void skip_slow(struct mt_pair *pair, const struct goal *goal, const struct seconds *found)
{
    if (goal->too_slow == NULL || goal->origin_mb > FAST_MB || !goal->too_slow(found, goal)) {
        return;
    }
    mt_skip(pair,
            "the guest dirtied %lld MB/s at first and %lld MB/s at most now, unthrottled: this "
            "machine has become too slow, as QEMU acts on no limit that is exceeded by less than "
            "%d MB/s",
            (long long)goal->origin_mb, (long long)found->fastest_mb, TOLERANCE_MB);
}

static struct second measure_until(struct mt_pair *pair, const struct goal *goal)
{
    struct seconds found;

    if (!measured(pair, goal, &found)) {
        skip_slow(pair, goal, &found);
        mt_fail_unless_starved(
            pair, SPOILING_MS,
            "after %d measurements the guest dirties %lld MB/s, gives %.1f beats a second, "
            "and its CPU is awake %.0f %% of the time; expected it %s",
            MEASUREMENTS, (long long)found.last.rate_mb, found.last.pace, 100 * found.last.awake,
            goal->text);
    }
    return found.last;
}

struct second measure_until_below(struct mt_pair *pair, int64_t boundary_mb)
{
    return measure_until(pair, &(struct goal){.reached = is_below,
                                              .mb = boundary_mb,
                                              .text = "within 25 MB/s of its limit"});
}

struct second measure_until_held(struct mt_pair *pair, int64_t origin_mb, int64_t limit_mb,
                                 double most_pace)
{
    return measure_until(pair, &(struct goal){.reached = is_held,
                                              .too_slow = is_too_slow_to_hold,
                                              .origin_mb = origin_mb,
                                              .mb = limit_mb + TOLERANCE_MB,
                                              .pace = most_pace,
                                              .text = "held by its limit"});
}

struct second measure_until_free(struct mt_pair *pair, int64_t origin_mb, int64_t limit_mb,
                                 double least_pace)
{
    return measure_until(pair, &(struct goal){.reached = is_free,
                                              .too_slow = is_too_slow_to_exceed,
                                              .origin_mb = origin_mb,
                                              .mb = limit_mb + TOLERANCE_MB,
                                              .pace = least_pace,
                                              .text = "free of its limit"});
}

struct second measure_until_awake(struct mt_pair *pair)
{
    return measure_until(pair, &(struct goal){.reached = is_awake, .text = "never throttled"});
}

struct second measure_origin(struct mt_pair *pair)
{
    const struct goal goal = {.reached = is_above, .mb = TOLERANCE_MB + LEAST_TIGHT_MB + 1};
    struct seconds found;

    if (!measured(pair, &goal, &found)) {
        if (found.fastest_mb == 0 || !is_awake(&found.last, &goal)) {
            mt_fail_unless_starved(
                pair, SPOILING_MS,
                "without a limit the guest dirties %lld MB/s at most, and its CPU is "
                "awake %.0f %% of the time",
                (long long)found.fastest_mb, 100 * found.last.awake);
        }
        mt_skip(pair,
                "the guest dirties %lld MB/s at most here, and QEMU acts on no limit that is "
                "exceeded by less than %d MB/s",
                (long long)found.fastest_mb, TOLERANCE_MB);
    }
    return found.last;
}

int64_t tight_limit(int64_t rate_mb)
{
    int64_t part = rate_mb / TIGHT_PART;

    return part < UPSTREAM_LIMIT_MB ? part : UPSTREAM_LIMIT_MB;
}

int64_t limits_in_service(struct mt_pair *pair)
{
    return mt_reply_count(mt_qmp(mt_source(pair), "query-vcpu-dirty-limit", NULL), "");
}
