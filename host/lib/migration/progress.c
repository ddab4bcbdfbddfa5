/* SPDX-License-Identifier: Apache-2.0 */
/* Waiting for what a migration does, which shows by its events. */
#include <string.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "lib/migration/steps.h"
#include "lib/monitor/reply.h"

struct status_wait {
    struct mt_vm *vm;
    struct mt_vm *other; /* NULL: its end is expected */
    size_t from;
    const char *status;
};

static const char *const final_statuses[] = {"completed", "failed", "cancelled"};

/* A QEMU that cannot go on says so, and exits a moment later (26 ms were measured). This is the
 * limit. */
static const int moment_ms = 500;

/*
 * What a side itself says about why its migration failed: its last words where it ends because of
 * that, as a destination does, otherwise what query-migrate shows. The caller frees the text; NULL:
 * the side says nothing.
 */
static char *why_failed(struct mt_vm *vm, const char *status)
{
    MT_AUTO_ERROR struct mt_error end = {0};
    MT_AUTO_JSON json_t *migration = NULL;

    if (strcmp(status, "failed") == 0 && mt_process_ends_within(&vm->process, moment_ms)) {
        mt_process_fail_ended(&vm->process, &end);
        return mt_text_copy(mt_error_text(&end));
    }
    if (mt_vm_qmp(vm, &migration, &end, "query-migrate", NULL) < 0) {
        return vm->process.ended ? mt_text_copy(mt_error_text(&end)) : NULL;
    }
    const char *why = mt_json_find_text(migration, "error-desc");
    return why != NULL ? mt_text_copy(why) : NULL;
}

/*
 * Where the other side was killed, that is the failure. Where the other side has ended by itself,
 * it may have done so because of what this side says, so that the error has both.
 */
static int fail_final(struct mt_vm *vm, struct mt_vm *other, const char *status,
                      struct mt_error *error)
{
    MT_AUTO_FREE char *why = why_failed(vm, status);
    bool ended = other != NULL && mt_process_ends_within(&other->process, moment_ms);

    if (ended && WIFSIGNALED(other->process.status)) {
        return mt_process_fail_ended(&other->process, error);
    }
    MT_AUTO_FREE char *text = mt_text("the migration is %s on the %s%s%s", status, vm->side,
                                      why != NULL ? ": " : "", why != NULL ? why : "");
    if (!ended) {
        return mt_fail(error, "%s", text);
    }
    mt_process_fail_ended(&other->process, error);
    return mt_wrap(error, "%s", text);
}

static int has_status(void *context, struct mt_error *error)
{
    struct status_wait *wait = context;
    const struct mt_events *events = &wait->vm->monitor.qmp.events;
    const struct mt_event_entry *entry;
    size_t index;

    for (size_t from = wait->from;
         (entry = mt_events_find(events, "MIGRATION", from, &index)) != NULL; from = index + 1) {
        const char *status = mt_event_string(entry, "status");
        if (status == NULL) {
            continue;
        }
        if (strcmp(status, wait->status) == 0) {
            return 1;
        }
        for (size_t i = 0; i < sizeof(final_statuses) / sizeof(final_statuses[0]); i++) {
            if (strcmp(status, final_statuses[i]) == 0) {
                return fail_final(wait->vm, wait->other, status, error);
            }
        }
    }
    return 0;
}

int mt_migration_wait_status(struct mt_pair *pair, enum mt_side_index side, const char *status,
                             struct mt_error *error)
{
    struct mt_vm *vm = pair->sides[side].vm;
    struct mt_vm *other = pair->sides[side == MT_SOURCE ? MT_DESTINATION : MT_SOURCE].vm;
    /* The end of the other side causes these statuses, or is caused by them. */
    bool ends = strcmp(status, "failed") == 0 || strcmp(status, "cancelled") == 0;
    bool may_end = ends || other->expected_to_end || other->process.ended;
    struct status_wait context = {
        .vm = vm,
        .other = may_end ? NULL : other,
        .from = pair->run->from[side],
        .status = status,
    };
    MT_AUTO_FREE char *what = mt_text("migration status %s", status);
    struct mt_wait wait = {
        .vms = {vm, context.other},
        .side = vm->side,
        .what = what,
        .timeout_ms = MT_STEP_TIMEOUT_MS,
        .condition = has_status,
        .context = &context,
    };

    return mt_wait_for(&wait, error);
}

struct pass_wait {
    struct mt_pair *pair;
    size_t passes;
    bool stop_is_fine;
};

/*
 * How many passes had begun when the source stopped, or by now. This is the number in the latest
 * event, as QEMU 11.1 sends no event for the first pass.
 */
static size_t passes_before_stop(const struct mt_pair *pair, bool *ret_stopped)
{
    const struct mt_events *events = &pair->sides[MT_SOURCE].vm->monitor.qmp.events;
    size_t passes = 0;

    *ret_stopped = false;
    for (size_t i = pair->run->from[MT_SOURCE]; i < events->count; i++) {
        if (strcmp(events->entries[i].name, "STOP") == 0) {
            *ret_stopped = true;
            break;
        }
        if (strcmp(events->entries[i].name, "MIGRATION_PASS") == 0) {
            passes = (size_t)mt_event_int(&events->entries[i], "pass");
        }
    }
    return passes;
}

/*
 * Whether a lack of processors explains a switchover that came too early. QEMU decides by what its
 * thread has sent in a window of 100 ms, and by what the guest has written to since the pass
 * before. Both are wrong where a thread had no processor for such a window, or for most of that
 * time.
 */
static bool explains_early(struct mt_vm *source, char **ret_who)
{
    const int64_t window_us = 100000;
    int64_t since_us;
    struct mt_stretch waited = mt_starvation_since_pass(&source->process.starvation, &since_us);

    if (waited.us > 0 && waited.us >= since_us / 5 * 4) {
        MT_AUTO_FREE char *name = mt_starvation_name(&source->process.starvation, waited.tid);
        *ret_who = mt_text("%s had a processor for less than a fifth of the last %.1f ms", name,
                           (double)since_us / 1000);
        return true;
    }
    MT_AUTO_FREE char *name = NULL;
    int64_t starved_us =
        mt_starvation_longest_us(&source->process.starvation, mt_now_us() - since_us, false, &name);
    *ret_who =
        mt_text("%s had no processor for %lld ms just before", name, (long long)starved_us / 1000);
    return starved_us >= window_us;
}

static int fail_early(struct mt_vm *source, size_t passes, struct mt_error *error)
{
    MT_AUTO_FREE char *who = NULL;
    bool explained = explains_early(source, &who);
    MT_AUTO_FREE char *text =
        mt_text("the source stopped for the switchover after %zu passes over memory, before it was "
                "allowed to converge",
                passes > 0 ? passes - 1 : 0);

    return explained ? mt_undecided(error, "%s; %s", text, who) : mt_fail(error, "%s", text);
}

/* Returns 0 while the migration goes on. Fails when the source has stopped for the switchover, or
 * when the migration has ended. */
static int migration_goes_on(const struct mt_pair *pair, struct mt_error *error)
{
    bool stopped;
    size_t passes = passes_before_stop(pair, &stopped);

    if (stopped) {
        return fail_early(pair->sides[MT_SOURCE].vm, passes, error);
    }
    struct status_wait failed = {
        .vm = pair->sides[MT_SOURCE].vm,
        .other = pair->sides[MT_DESTINATION].vm,
        .from = pair->run->from[MT_SOURCE],
        .status = "(none)",
    };
    return has_status(&failed, error);
}

static int has_passes(void *context, struct mt_error *error)
{
    struct pass_wait *wait = context;
    bool stopped;

    size_t passes = passes_before_stop(wait->pair, &stopped);
    return passes >= wait->passes || (stopped && wait->stop_is_fine)
               ? 1
               : migration_goes_on(wait->pair, error);
}

/* Pass 1 begins before anything is sent. Each further pass begins at the end of the pass before. */
static int wait_passes(struct mt_pair *pair, unsigned live_passes, bool stop_is_fine,
                       struct mt_error *error)
{
    struct pass_wait context = {
        .pair = pair, .passes = (size_t)live_passes + 1, .stop_is_fine = stop_is_fine};
    MT_AUTO_FREE char *what =
        mt_text("the end of pass %u over memory while the guest runs", live_passes);
    struct mt_wait wait = {
        .vms = {pair->sides[MT_SOURCE].vm, pair->sides[MT_DESTINATION].vm},
        .side = "source",
        .what = what,
        .timeout_ms = MT_STEP_TIMEOUT_MS,
        .condition = has_passes,
        .context = &context,
    };

    return mt_wait_for(&wait, error);
}

int mt_migration_wait_pass(struct mt_pair *pair, unsigned live_passes, struct mt_error *error)
{
    return wait_passes(pair, live_passes, false, error);
}

int mt_migration_watch_passes(struct mt_pair *pair, unsigned live_passes, unsigned *ret_passes,
                              struct mt_error *error)
{
    bool stopped;

    if (wait_passes(pair, live_passes, true, error) < 0) {
        return -1;
    }
    size_t begun = passes_before_stop(pair, &stopped);
    *ret_passes = begun > 0 ? (unsigned)begun - 1 : 0;
    return 0;
}

struct guest_wait {
    struct mt_pair *pair;
    uint64_t passes;
};

static int has_guest_passes(void *context, struct mt_error *error)
{
    struct guest_wait *wait = context;
    return mt_vm_guest_passes(wait->pair->sides[MT_SOURCE].vm) >= wait->passes
               ? 1
               : migration_goes_on(wait->pair, error);
}

int mt_migration_wait_guest(struct mt_pair *pair, unsigned passes, struct mt_error *error)
{
    mt_vm_guest_receive(pair->sides[MT_SOURCE].vm);
    struct guest_wait context = {
        .pair = pair,
        .passes = mt_vm_guest_passes(pair->sides[MT_SOURCE].vm) + passes,
    };
    struct mt_wait wait = {
        .vms = {pair->sides[MT_SOURCE].vm, pair->sides[MT_DESTINATION].vm},
        .side = "source",
        .what = "the guest's passes while it is being migrated",
        .timeout_ms = MT_STEP_TIMEOUT_MS,
        .condition = has_guest_passes,
        .context = &context,
    };

    return mt_wait_for(&wait, error);
}

/* 1: query-migrate shows that number; 0: it shows none, and the value is 0. */
static int query(struct mt_pair *pair, const char *path, int64_t *ret_value, struct mt_error *error)
{
    MT_AUTO_JSON json_t *migration = NULL;

    if (mt_vm_qmp(pair->sides[MT_SOURCE].vm, &migration, error, "query-migrate", NULL) < 0) {
        return -1;
    }
    const json_t *value = mt_json_at(migration, path);
    *ret_value = json_integer_value(value);
    return json_is_integer(value);
}

int mt_migration_value(struct mt_pair *pair, const char *path, int64_t *ret_value,
                       struct mt_error *error)
{
    int64_t value;
    int found = query(pair, path, &value, error);

    if (found == 0) {
        mt_fail(error, "query-migrate of the source shows no number at %s", path);
    }
    if (found <= 0) {
        return -1;
    }
    *ret_value = value;
    return 0;
}

int mt_migration_wait_sent(struct mt_pair *pair, int64_t bytes, struct mt_error *error)
{
    int64_t limit_ms = mt_wait_limit(pair->sides[MT_SOURCE].vm, MT_STEP_TIMEOUT_MS);
    int64_t deadline_ms = mt_now_ms() + limit_ms;
    int64_t sent;

    while (query(pair, "ram.transferred", &sent, error) >= 0) {
        /* A migration that has ended shows no RAM. */
        if (migration_goes_on(pair, error) < 0) {
            return -1;
        }
        if (sent >= bytes) {
            return 0;
        }
        if (mt_now_ms() > deadline_ms) {
            return mt_fail(error, "the source has sent %lld bytes in %lld ms, expected %lld",
                           (long long)sent, (long long)limit_ms, (long long)bytes);
        }
        if (mt_migration_wait_guest(pair, 1, error) < 0) {
            return -1;
        }
    }
    return -1;
}

/* What query-migrate shows about passes and throttling changes at the end of a pass only. */
int mt_migration_wait_value(struct mt_pair *pair, const char *path, int64_t least,
                            int64_t timeout_ms, int64_t *ret_value, struct mt_error *error)
{
    MT_AUTO_FREE char *what = mt_text("%s of query-migrate to reach %lld", path, (long long)least);
    int64_t deadline = mt_now_ms() + mt_wait_limit(pair->sides[MT_SOURCE].vm, timeout_ms);
    bool stopped;

    for (;;) {
        size_t passes = passes_before_stop(pair, &stopped);
        int64_t value;
        if (query(pair, path, &value, error) < 0) {
            return mt_wrap(error, "waiting for %s", what);
        }
        if (value >= least) {
            *ret_value = value;
            return 0;
        }
        struct pass_wait context = {.pair = pair, .passes = passes + 1};
        struct mt_wait wait = {
            .vms = {pair->sides[MT_SOURCE].vm, pair->sides[MT_DESTINATION].vm},
            .side = "source",
            .what = what,
            .timeout_ms = timeout_ms,
            .until_ms = deadline,
            .condition = has_passes,
            .context = &context,
        };
        if (mt_wait_for(&wait, error) < 0) {
            return mt_wrap(error, "its last value was %lld", (long long)value);
        }
    }
}
