/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/migration/cost.h"

#include <inttypes.h>
#include <sys/resource.h>

#include "base/cleanup.h"
#include "base/text.h"

static int64_t cpu_ms(const struct rusage *used)
{
    return (used->ru_utime.tv_sec + used->ru_stime.tv_sec) * 1000 +
           (used->ru_utime.tv_usec + used->ru_stime.tv_usec) / 1000;
}

void mt_cost_note(const struct mt_pair *pair)
{
    struct rusage worker;
    struct rusage qemus;

    if (getrusage(RUSAGE_SELF, &worker) < 0 || getrusage(RUSAGE_CHILDREN, &qemus) < 0) {
        return;
    }
    MT_AUTO_FREE char *value =
        mt_text("oracles %" PRId64 " ms, worker %" PRId64 " ms of CPU and %ld KiB, QEMUs %" PRId64
                " ms of CPU",
                pair->oracles_us / 1000, cpu_ms(&worker), worker.ru_maxrss, cpu_ms(&qemus));
    mt_pair_note(pair, "cost", value);
}
