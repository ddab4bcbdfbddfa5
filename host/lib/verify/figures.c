/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/figures.h"

#include <inttypes.h>
#include <math.h>

#include "lib/vm/reply.h"

enum {
    US_PER_MS = 1000,
    /* The device state, of which a dozen devices have 0.7 MB. */
    MOST_BESIDE = 16 * 1024 * 1024,
    /* A page's address and flags: 8 or 9 bytes; 16 measured with channels, whose packets have room
     * for the addresses of more pages than they carry. */
    MOST_TO_ANNOUNCE = 64,
    /* QEMU takes its times a moment before it sends the event, or after it, on busy hosts later. */
    MOST_LATE_MS = 2000,
    LEAST_NOTICED_MS = 500, /* what lasts that long by the events is not 0 */
};

struct figures {
    int64_t total, transferred, remaining, duplicate, normal, normal_bytes, page_size;
    int64_t precopy_bytes, downtime_bytes, multifd_bytes, postcopy_bytes, postcopy_requests;
    int64_t passes, total_ms, setup_ms, downtime_ms;
    double mbps;
    bool has_parts; /* what went before and in the downtime is told apart (QEMU 7.0) */
};

static int read_figures(const json_t *reply, struct figures *figures, struct mt_error *error)
{
    const struct {
        const char *path;
        int64_t *value;
    } wanted[] = {
        {"ram.total", &figures->total},
        {"ram.transferred", &figures->transferred},
        {"ram.remaining", &figures->remaining},
        {"ram.duplicate", &figures->duplicate},
        {"ram.normal", &figures->normal},
        {"ram.normal-bytes", &figures->normal_bytes},
        {"ram.page-size", &figures->page_size},
        {"ram.postcopy-bytes", &figures->postcopy_bytes},
        {"ram.postcopy-requests", &figures->postcopy_requests},
        {"ram.dirty-sync-count", &figures->passes},
        {"total-time", &figures->total_ms},
        {"setup-time", &figures->setup_ms},
        {"downtime", &figures->downtime_ms},
    };

    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        const json_t *value = mt_json_at(reply, wanted[i].path);
        if (!json_is_integer(value)) {
            return mt_fail(error, "there is no %s", wanted[i].path);
        }
        *wanted[i].value = json_integer_value(value);
    }
    figures->precopy_bytes = json_integer_value(mt_json_at(reply, "ram.precopy-bytes"));
    figures->downtime_bytes = json_integer_value(mt_json_at(reply, "ram.downtime-bytes"));
    figures->multifd_bytes = json_integer_value(mt_json_at(reply, "ram.multifd-bytes"));
    figures->has_parts = mt_json_at(reply, "ram.precopy-bytes") != NULL;
    figures->mbps = json_number_value(mt_json_at(reply, "ram.mbps"));
    return 0;
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

/* Each page of the guest's goes once at least, and any once a pass at most. */
static int check_pages(const struct figures *figures, const struct mt_seen_migration *seen,
                       struct mt_error *error)
{
    if (figures->page_size <= 0) {
        return mt_fail(error, "ram.page-size is %" PRId64, figures->page_size);
    }
    int64_t sent = figures->normal + figures->duplicate;
    int64_t pages = figures->total / figures->page_size;
    const struct rule rules[] = {
        {"ram.total", figures->total, AT_LEAST, (int64_t)seen->ram, "the guest's RAM"},
        {"ram.remaining", figures->remaining, EXACTLY, 0, "when all is over"},
        {"ram.dirty-sync-count", figures->passes, EXACTLY, seen->passes, "events of passes"},
        {"ram.normal-bytes", figures->normal_bytes, EXACTLY, figures->normal * figures->page_size,
         "ram.normal times ram.page-size"},
        {"ram.normal and ram.duplicate", sent, AT_LEAST, (int64_t)seen->ram / figures->page_size,
         "each page of the guest's once"},
        {"ram.normal and ram.duplicate", sent, AT_MOST, pages * figures->passes,
         "each page in each pass"},
    };

    return check_rules(rules, COUNT(rules), error);
}

/* Pages go over the channels where there are any, and over the main one where there are none. */
static int check_bytes(const struct figures *figures, const struct mt_seen_migration *seen,
                       struct mt_error *error)
{
    if (!figures->has_parts) {
        return 0;
    }
    int64_t beside = MOST_BESIDE + MOST_TO_ANNOUNCE * (figures->normal + figures->duplicate);
    int64_t main_channel = figures->precopy_bytes + figures->downtime_bytes;
    int64_t all = main_channel + figures->multifd_bytes;
    const struct rule rules[] = {
        {"ram.postcopy-bytes", figures->postcopy_bytes, EXACTLY, 0, "in precopy"},
        {"ram.postcopy-requests", figures->postcopy_requests, EXACTLY, 0, "in precopy"},
        {"ram.multifd-bytes", figures->multifd_bytes, seen->multifd ? AT_LEAST : EXACTLY,
         seen->multifd ? figures->normal_bytes : 0, "the content of the pages sent over channels"},
        {"ram.precopy-bytes and ram.downtime-bytes", main_channel,
         seen->multifd ? AT_MOST : AT_LEAST, seen->multifd ? beside : figures->normal_bytes,
         "what the main channel carries of pages"},
        {"the bytes sent", all, AT_MOST, figures->normal_bytes + beside,
         "content and announcements"},
        {"ram.transferred", figures->transferred, AT_LEAST, all, "the bytes sent"},
        {"ram.transferred", figures->transferred, AT_MOST, all + beside, "the bytes sent"},
    };

    return check_rules(rules, COUNT(rules), error);
}

static int check_time(const char *name, int64_t ms, int64_t seen_us, struct mt_error *error)
{
    int64_t seen_ms = seen_us / US_PER_MS;
    int64_t late_ms = MOST_LATE_MS + seen_ms / 2;

    if (ms < (seen_ms >= LEAST_NOTICED_MS ? 1 : 0) || ms < seen_ms - late_ms ||
        ms > seen_ms + late_ms) {
        return mt_fail(error, "%s is %" PRId64 " ms, by the events it was %" PRId64 " ms", name, ms,
                       seen_ms);
    }
    return 0;
}

/* The set-up is counted from where the migration's own thread begins, later than the event. */
static int check_setup(const struct figures *figures, const struct mt_seen_migration *seen,
                       struct mt_error *error)
{
    int64_t seen_ms = seen->setup_us / US_PER_MS;
    const struct rule rules[] = {
        {"setup-time", figures->setup_ms, AT_LEAST, 0, "ms"},
        {"setup-time", figures->setup_ms, AT_MOST, seen_ms + MOST_LATE_MS, "ms, by the events"},
        {"setup-time", figures->setup_ms, AT_MOST, figures->total_ms, "total-time"},
    };

    return check_rules(rules, COUNT(rules), error);
}

static int check_times(const struct figures *figures, const struct mt_seen_migration *seen,
                       struct mt_error *error)
{
    if (check_time("total-time", figures->total_ms, seen->total_us, error) < 0 ||
        (seen->stopped_us >= 0 &&
         check_time("downtime", figures->downtime_ms, seen->stopped_us, error) < 0) ||
        check_setup(figures, seen, error) < 0) {
        return -1;
    }
    const struct rule rules[] = {
        {"total-time", figures->total_ms, AT_LEAST, figures->downtime_ms, "downtime"},
    };

    return check_rules(rules, COUNT(rules), error);
}

/* Megabits a second after the set-up; the times are whole milliseconds. */
static int check_throughput(const struct figures *figures, struct mt_error *error)
{
    const double tolerance = 0.05;
    double ms = (double)(figures->total_ms - figures->setup_ms);
    double megabits = (double)figures->transferred * 8 / 1000000;
    double expected_ms = figures->mbps > 0 ? megabits / figures->mbps * 1000 : -1;

    if (fabs(expected_ms - ms) > ms * tolerance + 3) {
        return mt_fail(error, "mbps is %.1f, but %.1f Mbit were transferred in %.0f ms",
                       figures->mbps, megabits, ms);
    }
    return 0;
}

int mt_figures_check(const json_t *reply, const struct mt_seen_migration *seen,
                     struct mt_error *error)
{
    struct figures figures = {0};

    if (read_figures(reply, &figures, error) < 0 || check_pages(&figures, seen, error) < 0 ||
        check_bytes(&figures, seen, error) < 0 || check_times(&figures, seen, error) < 0) {
        return -1;
    }
    return check_throughput(&figures, error);
}
