/* SPDX-License-Identifier: Apache-2.0 */
/* What a QEMU can do, and whether and how an accelerator works with it. */
#include <stdint.h>
#include <stdio.h>

#include "lib/probe/probe.h"
#include "lib/probe/reset_trial.h"
#include "lib/probe/trial.h"
#include "lib/probe/view_trial.h"
#include "worker/log.h"
#include "worker/work.h"

int mt_work_probe(const struct mt_job *job, const struct mt_record_writer *writer,
                  struct mt_error *error)
{
    const struct mt_observer observer = {.log = mt_log_text};
    json_t *abilities;

    if (mt_probe(&job->probe.qemu, job->scratch, &observer, &abilities, error) < 0) {
        return -1;
    }
    mt_record_write(writer,
                    &(struct mt_record){.kind = MT_RECORD_ABILITIES, .value.json = abilities});
    json_decref(abilities);
    return 0;
}

static void write_environment(void *data, const char *what)
{
    mt_record_write_message(data, MT_RECORD_ENVIRONMENT, what);
}

/* Without it a trial succeeds, too: the oracles of a test then see less. */
static json_t *learn_reset(const struct mt_job *job, const struct mt_observer *observer)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    json_t *reset = NULL;

    if (mt_reset_trial(&job->try.qemu, &job->try.machine, job->scratch, observer, &reset, &error) <
        0) {
        printf("%s\n", mt_error_text(&error));
    }
    return reset;
}

static json_t *try_views(const struct mt_job *job, const struct mt_observer *observer)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    json_t *unusable = NULL;

    if (mt_view_trial(&job->try.qemu, &job->try.machine, job->scratch, observer, &unusable,
                      &error) < 0) {
        printf("%s\n", mt_error_text(&error));
    }
    return unusable;
}

int mt_work_try(const struct mt_job *job, const struct mt_record_writer *writer,
                struct mt_error *error)
{
    const struct mt_observer observer = {
        .data = (void *)(uintptr_t)writer, .environment = write_environment, .log = mt_log_text};
    struct mt_trial trial;

    if (mt_try_accelerator(&job->try.qemu, &job->try.machine, job->scratch, &observer, &trial,
                           error) < 0) {
        if (trial.runs) {
            mt_record_write_bare(writer, MT_RECORD_RUNS);
        }
        return -1;
    }
    struct mt_record record = {
        .kind = MT_RECORD_TRIED,
        .trial =
            {
                .ms = trial.ms,
                .cpu_ms = trial.cpu_ms,
                .dirty_ring = trial.dirty_ring,
                .ring_fault = trial.ring_fault[0] != '\0' ? trial.ring_fault : NULL,
                .reset = learn_reset(job, &observer),
                .unusable_views = try_views(job, &observer),
            },
    };
    mt_record_write(writer, &record);
    json_decref(record.trial.reset);
    json_decref(record.trial.unusable_views);
    return 0;
}
