/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/migration/cost.h"

#include <inttypes.h>

#include "base/cleanup.h"
#include "base/processor_time.h"
#include "base/text.h"
#include "lib/verify/verify.h"

void mt_cost_note(struct mt_pair *pair)
{
    struct rusage worker;
    struct rusage qemus;

    if (getrusage(RUSAGE_SELF, &worker) < 0 || getrusage(RUSAGE_CHILDREN, &qemus) < 0) {
        return;
    }
    MT_AUTO_FREE char *value =
        mt_text("oracles %" PRId64 " ms, worker %" PRId64 " ms of CPU and %ld KiB, QEMUs %" PRId64
                " ms of CPU",
                mt_verify_time_us(pair) / 1000, mt_processor_time_us(&worker) / 1000,
                worker.ru_maxrss, mt_processor_time_us(&qemus) / 1000);
    mt_pair_note(pair, "cost", value);
}
