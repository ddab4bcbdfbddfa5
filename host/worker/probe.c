/* SPDX-License-Identifier: Apache-2.0 */
/* What a QEMU can do, and whether an accelerator works with it. */
#include "lib/vm/probe.h"
#include "lib/vm/trial.h"
#include "worker/jobs.h"

int mt_job_probe(const struct mt_plan *plan, const struct mt_records *records,
                 struct mt_error *error)
{
    json_t *abilities;

    if (mt_probe(&plan->pair.source, plan->scratch, &abilities, error) < 0) {
        return -1;
    }
    mt_record(records, "probe", abilities);
    return 0;
}

int mt_job_try(const struct mt_plan *plan, const struct mt_records *records, struct mt_error *error)
{
    struct mt_trial trial;

    if (mt_try_accelerator(&plan->pair.source, &plan->pair.machine, plan->scratch, &trial, error) <
        0) {
        return -1;
    }
    mt_record(records, "tried",
              json_pack("{s:s, s:I, s:b, s:s}", "accel", plan->pair.machine.accel, "ms",
                        (json_int_t)trial.ms, "dirty_ring", trial.dirty_ring, "ring_fault",
                        trial.ring_fault));
    return 0;
}
