/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/figures.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "lib/monitor/reply.h"

enum {
    US_PER_MS = 1000,
    /* A limit for the bytes of the device state; a dozen devices have 0.7 MB. */
    MOST_BESIDE = 16 * 1024 * 1024,
    /* A limit for the bytes in front of each page. Its address and flags are 8 or 9 bytes. With
     * channels, 16 were measured: their packets have room for the addresses of more pages than they
     * carry. */
    MOST_TO_ANNOUNCE = 64,
    /* QEMU measures its times a moment before or after it sends the event; on a busy host, this
     * moment is longer. */
    MOST_LATE_MS = 2000,
    LEAST_NOTICED_MS = 500, /* a time of this length by the events must not be 0 in the figures */
};

enum figure {
    TOTAL,
    TRANSFERRED,
    REMAINING,
    DUPLICATE,
    NORMAL,
    NORMAL_BYTES,
    PAGE_SIZE,
    PASSES,
    MULTIFD_BYTES,
    PRECOPY_BYTES,
    DOWNTIME_BYTES,
    POSTCOPY_BYTES,
    POSTCOPY_REQUESTS,
    TOTAL_MS,
    SETUP_MS,
    DOWNTIME_MS,
    MBPS,
    FIGURES,
};

static const char *const paths[FIGURES] = {
    [TOTAL] = "ram.total",
    [TRANSFERRED] = "ram.transferred",
    [REMAINING] = "ram.remaining",
    [DUPLICATE] = "ram.duplicate",
    [NORMAL] = "ram.normal",
    [NORMAL_BYTES] = "ram.normal-bytes",
    [PAGE_SIZE] = "ram.page-size",
    [PASSES] = "ram.dirty-sync-count",
    [MULTIFD_BYTES] = "ram.multifd-bytes",
    [PRECOPY_BYTES] = "ram.precopy-bytes",
    [DOWNTIME_BYTES] = "ram.downtime-bytes",
    [POSTCOPY_BYTES] = "ram.postcopy-bytes",
    [POSTCOPY_REQUESTS] = "ram.postcopy-requests",
    [TOTAL_MS] = "total-time",
    [SETUP_MS] = "setup-time",
    [DOWNTIME_MS] = "downtime",
    [MBPS] = "ram.mbps",
};

struct figures {
    bool known[FIGURES]; /* QEMU 5.2 has 15 of the figures; 7.0 and newer have all */
    int64_t values[FIGURES];
    double mbps;
};

static bool is_member(const json_t *members, const char *path)
{
    const json_t *name;
    size_t i;

    json_array_foreach (members, i, name) {
        if (strcmp(json_string_value(name), path) == 0) {
            return true;
        }
    }
    return members == NULL;
}

static int read_figures(const json_t *reply, const json_t *members, struct figures *figures,
                        struct mt_error *error)
{
    for (size_t i = 0; i < FIGURES; i++) {
        const json_t *value = mt_json_at(reply, paths[i]);
        figures->known[i] = is_member(members, paths[i]);
        if (figures->known[i] && !(i == MBPS ? json_is_number(value) : json_is_integer(value))) {
            return mt_fail(error, "there is no %s", paths[i]);
        }
        figures->values[i] = json_integer_value(value);
    }
    figures->mbps = json_number_value(mt_json_at(reply, paths[MBPS]));
    return 0;
}

static bool are_known(const struct figures *figures, const enum figure *required, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!figures->known[required[i]]) {
            return false;
        }
    }
    return true;
}

static char *list_unknown(const struct figures *figures)
{
    char *list = NULL;

    for (size_t i = 0; i < FIGURES; i++) {
        if (!figures->known[i]) {
            mt_text_append_item(&list, ", ", "%s", paths[i]);
        }
    }
    return list;
}

enum relation { EXACTLY, AT_LEAST, AT_MOST };

struct rule {
    const char *name;
    int64_t value;
    enum relation relation;
    int64_t bound;
    const char *meaning; /* of the bound */
};

static bool holds(const struct rule *rule)
{
    switch (rule->relation) {
    case AT_LEAST:
        return rule->value >= rule->bound;
    case AT_MOST:
        return rule->value <= rule->bound;
    default:
        return rule->value == rule->bound;
    }
}

static int check_rules(const struct rule *rules, size_t count, struct mt_error *error)
{
    static const char *const words[] = {
        [EXACTLY] = "exactly", [AT_LEAST] = "at least", [AT_MOST] = "at most"};

    for (size_t i = 0; i < count; i++) {
        if (!holds(&rules[i])) {
            return mt_fail(error, "%s is %" PRId64 ", expected %s %" PRId64 " (%s)", rules[i].name,
                           rules[i].value, words[rules[i].relation], rules[i].bound,
                           rules[i].meaning);
        }
    }
    return 0;
}

#define COUNT(rules) (sizeof(rules) / sizeof((rules)[0]))

/* Whether this QEMU has all of the figures that a check needs. */
#define KNOWS(figures, ...)                                                                        \
    are_known(figures, (const enum figure[]){__VA_ARGS__},                                         \
              COUNT(((const enum figure[]){__VA_ARGS__})))

/* Each page of the guest is sent at least once. Any page is sent at most once in each pass. */
static int check_pages(const struct figures *figures, const struct mt_seen_migration *seen,
                       struct mt_error *error)
{
    const int64_t *values = figures->values;

    if (!KNOWS(figures, TOTAL, REMAINING, PASSES, NORMAL, NORMAL_BYTES, DUPLICATE, PAGE_SIZE)) {
        return 0;
    }
    if (values[PAGE_SIZE] <= 0) {
        return mt_fail(error, "ram.page-size is %" PRId64, values[PAGE_SIZE]);
    }
    int64_t sent = values[NORMAL] + values[DUPLICATE];
    int64_t pages = values[TOTAL] / values[PAGE_SIZE];
    const struct rule rules[] = {
        {"ram.total", values[TOTAL], AT_LEAST, (int64_t)seen->ram, "the guest's RAM"},
        {"ram.remaining", values[REMAINING], EXACTLY, 0, "when all is over"},
        {"ram.dirty-sync-count", values[PASSES], EXACTLY, seen->passes, "events of passes"},
        {"ram.normal-bytes", values[NORMAL_BYTES], EXACTLY, values[NORMAL] * values[PAGE_SIZE],
         "ram.normal times ram.page-size"},
        {"ram.normal and ram.duplicate", sent, AT_LEAST, (int64_t)seen->ram / values[PAGE_SIZE],
         "each page of the guest's once"},
        {"ram.normal and ram.duplicate", sent, AT_MOST, pages * values[PASSES],
         "each page in each pass"},
    };

    return check_rules(rules, COUNT(rules), error);
}

/* A figure that this QEMU does not have has the value 0. */
static int check_postcopy(const struct figures *figures, struct mt_error *error)
{
    const struct rule rules[] = {
        {"ram.postcopy-bytes", figures->values[POSTCOPY_BYTES], EXACTLY, 0, "in precopy"},
        {"ram.postcopy-requests", figures->values[POSTCOPY_REQUESTS], EXACTLY, 0, "in precopy"},
    };

    return check_rules(rules, COUNT(rules), error);
}

/* With multifd, pages go over the channels. Without it, they go over the main channel. */
static int check_bytes(const struct figures *figures, const struct mt_seen_migration *seen,
                       struct mt_error *error)
{
    const int64_t *values = figures->values;

    if (!KNOWS(figures, PRECOPY_BYTES, DOWNTIME_BYTES, MULTIFD_BYTES, NORMAL, NORMAL_BYTES,
               DUPLICATE, TRANSFERRED)) {
        return 0;
    }
    int64_t beside = MOST_BESIDE + MOST_TO_ANNOUNCE * (values[NORMAL] + values[DUPLICATE]);
    int64_t main_channel = values[PRECOPY_BYTES] + values[DOWNTIME_BYTES];
    int64_t all = main_channel + values[MULTIFD_BYTES];
    const struct rule rules[] = {
        {"ram.multifd-bytes", values[MULTIFD_BYTES], seen->multifd ? AT_LEAST : EXACTLY,
         seen->multifd ? values[NORMAL_BYTES] : 0, "the content of the pages sent over channels"},
        {"ram.precopy-bytes and ram.downtime-bytes", main_channel,
         seen->multifd ? AT_MOST : AT_LEAST, seen->multifd ? beside : values[NORMAL_BYTES],
         "what the main channel carries of pages"},
        {"the bytes sent", all, AT_MOST, values[NORMAL_BYTES] + beside,
         "content and announcements"},
        {"ram.transferred", values[TRANSFERRED], AT_LEAST, all, "the bytes sent"},
        {"ram.transferred", values[TRANSFERRED], AT_MOST, all + beside, "the bytes sent"},
    };

    return check_rules(rules, COUNT(rules), error);
}

/* Whether a busy host may explain that two measurements are `apart_ms` apart: a thread of the
 * source had no processor for at least half of that time. */
static bool starvation_explains(const struct mt_seen_migration *seen, int64_t apart_ms)
{
    return seen->starved_us > 0 && seen->starved_us / US_PER_MS >= apart_ms / 2;
}

static int fail_time(const char *name, int64_t ms, int64_t seen_ms,
                     const struct mt_seen_migration *seen, struct mt_error *error)
{
    if (starvation_explains(seen, ms > seen_ms ? ms - seen_ms : seen_ms - ms)) {
        return mt_undecided(error,
                            "%s is %" PRId64 " ms, by the events it was %" PRId64
                            " ms; a thread of the source had no processor for %" PRId64 " ms",
                            name, ms, seen_ms, seen->starved_us / US_PER_MS);
    }
    return mt_fail(error, "%s is %" PRId64 " ms, by the events it was %" PRId64 " ms", name, ms,
                   seen_ms);
}

static int check_time(const char *name, int64_t ms, int64_t seen_us,
                      const struct mt_seen_migration *seen, struct mt_error *error)
{
    int64_t seen_ms = seen_us / US_PER_MS;
    int64_t late_ms = MOST_LATE_MS + seen_ms / 2;

    if (ms < (seen_ms >= LEAST_NOTICED_MS ? 1 : 0) || ms < seen_ms - late_ms ||
        ms > seen_ms + late_ms) {
        return fail_time(name, ms, seen_ms, seen, error);
    }
    return 0;
}

/* QEMU measures the set-up from the start of the migration thread, which is later than the event.
 * So there is no lower limit by the events. */
static int check_setup(const struct figures *figures, const struct mt_seen_migration *seen,
                       struct mt_error *error)
{
    const int64_t *values = figures->values;
    int64_t seen_ms = seen->setup_us / US_PER_MS;
    const struct rule rules[] = {
        {"setup-time", values[SETUP_MS], AT_LEAST, 0, "ms"},
        {"setup-time", values[SETUP_MS], AT_MOST, values[TOTAL_MS], "total-time"},
    };

    if (values[SETUP_MS] > seen_ms + MOST_LATE_MS) {
        return fail_time("setup-time", values[SETUP_MS], seen_ms, seen, error);
    }
    return check_rules(rules, COUNT(rules), error);
}

static int check_times(const struct figures *figures, const struct mt_seen_migration *seen,
                       struct mt_error *error)
{
    const int64_t *values = figures->values;

    if (!KNOWS(figures, TOTAL_MS, SETUP_MS, DOWNTIME_MS)) {
        return 0;
    }
    if (check_time("total-time", values[TOTAL_MS], seen->total_us, seen, error) < 0 ||
        (seen->stopped_us >= 0 &&
         check_time("downtime", values[DOWNTIME_MS], seen->stopped_us, seen, error) < 0) ||
        check_setup(figures, seen, error) < 0) {
        return -1;
    }
    const struct rule rules[] = {
        {"total-time", values[TOTAL_MS], AT_LEAST, values[DOWNTIME_MS], "downtime"},
    };

    return check_rules(rules, COUNT(rules), error);
}

/* The figure is in megabits a second, without the set-up. The tolerance includes 3 ms, as QEMU
 * rounds its times to milliseconds. */
static int check_throughput(const struct figures *figures, struct mt_error *error)
{
    const double tolerance = 0.05;
    const int64_t *values = figures->values;

    if (!KNOWS(figures, TOTAL_MS, SETUP_MS, TRANSFERRED, MBPS)) {
        return 0;
    }
    double ms = (double)(values[TOTAL_MS] - values[SETUP_MS]);
    double megabits = (double)values[TRANSFERRED] * 8 / 1000000;
    double expected_ms = figures->mbps > 0 ? megabits / figures->mbps * 1000 : -1;

    if (fabs(expected_ms - ms) > ms * tolerance + 3) {
        return mt_fail(error, "mbps is %.1f, but %.1f Mbit were transferred in %.0f ms",
                       figures->mbps, megabits, ms);
    }
    return 0;
}

int mt_figures_check(const json_t *reply, const struct mt_seen_migration *seen, char **ret_unknown,
                     struct mt_error *error)
{
    struct figures figures = {0};

    if (read_figures(reply, seen->members, &figures, error) < 0 ||
        check_pages(&figures, seen, error) < 0 || check_bytes(&figures, seen, error) < 0 ||
        check_postcopy(&figures, error) < 0 || check_times(&figures, seen, error) < 0 ||
        check_throughput(&figures, error) < 0) {
        return -1;
    }
    *ret_unknown = list_unknown(&figures);
    return 0;
}
