/* SPDX-License-Identifier: Apache-2.0 */
/* The downtime of a migration, by the guest's beats, the events, and query-migrate. */
#include <inttypes.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "lib/migration/silence.h"
#include "lib/migration/steps.h"
#include "lib/monitor/events.h"

static int find_resume(const struct mt_pair *pair, int64_t *ret_us, struct mt_error *error)
{
    size_t index;
    const struct mt_event_entry *resume =
        mt_events_find(&pair->sides[MT_DESTINATION].vm->monitor.qmp.events, "RESUME",
                       pair->run->from[MT_DESTINATION], &index);

    if (resume == NULL) {
        return mt_fail(error, "the destination has sent no RESUME in this migration");
    }
    *ret_us = resume->stamp_us;
    return 0;
}

static int take_events(struct mt_pair *pair, struct mt_silence *silence, struct mt_error *error)
{
    int64_t stop_us;
    int64_t resume_us = 0;
    int64_t completed_us;
    int64_t downtime_ms;

    if (mt_migration_event_time(pair, "STOP", &stop_us, error) < 0 ||
        mt_migration_event_time(pair, "completed", &completed_us, error) < 0 ||
        find_resume(pair, &resume_us, error) < 0 ||
        mt_migration_value(pair, "downtime", &downtime_ms, error) < 0) {
        return -1;
    }
    silence->stopped_us = resume_us - stop_us;
    silence->after_us = completed_us > resume_us ? completed_us - resume_us : 0;
    silence->qemu_says_us = downtime_ms * 1000;
    return 0;
}

static int take_beats(const struct mt_pair *pair, struct mt_silence *silence,
                      struct mt_error *error)
{
    const struct mt_beats *source = mt_vm_guest_beats(pair->sides[MT_SOURCE].vm);
    const struct mt_beats *destination = mt_vm_guest_beats(pair->sides[MT_DESTINATION].vm);

    if (source->count == 0 || destination->count == 0) {
        return mt_fail(error, "the guest has not beaten on the %s",
                       source->count == 0 ? "source" : "destination");
    }
    silence->least_us = mt_least_between(source->last, destination->first);
    silence->most_us = mt_most_between(source->last, destination->first);
    silence->spacing_us =
        source->longest_us > destination->longest_us ? source->longest_us : destination->longest_us;
    return 0;
}

static void note_downtime(const struct mt_pair *pair, const struct mt_silence *silence)
{
    MT_AUTO_FREE char *text =
        mt_text("%" PRId64 " to %" PRId64 " ms (QEMU says %" PRId64 " ms, STOP to RESUME %" PRId64
                " ms, beats up to %" PRId64 " ms apart)",
                silence->least_us / 1000, silence->most_us / 1000, silence->qemu_says_us / 1000,
                silence->stopped_us / 1000, silence->spacing_us / 1000);

    mt_pair_note(pair, "downtime as the world saw it", text);
}

int mt_migration_judge_downtime(struct mt_pair *pair, struct mt_error *error)
{
    struct mt_silence silence = {0};

    if (take_beats(pair, &silence, error) < 0 || take_events(pair, &silence, error) < 0) {
        return mt_wrap(error, "measuring the downtime");
    }
    silence.starved_us = mt_migration_starved_us(pair, pair->run->begun_us, NULL);
    note_downtime(pair, &silence);
    return mt_silence_judge(&silence, error) < 0 ? mt_wrap(error, "measuring the downtime") : 0;
}
