/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The guest cannot beat on the source after STOP, and not on the destination before RESUME. QEMU
 * stamps these events itself, so the silence lasts at least from one to the other, however busy the
 * host is. The silence lasts little longer: up to one beat before, one beat after, and until the
 * host runs the destination's virtual CPU.
 *
 * query-migrate's `downtime` begins before the virtual CPUs are asked to stop. It ends when the
 * source's migration thread notes it, which may be after RESUME; the time stamp of `completed`
 * shows how long after.
 */
#include "lib/migration/silence.h"

#include <inttypes.h>

#include "base/cleanup.h"
#include "base/text.h"

/* How long it may take to stop a virtual CPU, and to run one, while many others wait for a core. */
static const int64_t busy_host_us = 2000000;

/* QEMU stamps events by the wall clock, which may be corrected meanwhile: by a tenth of the time at
 * most, or by a small step. */
enum { CLOCKS_DIFFER_BY = 10 };
static const int64_t clocks_step_us = 10000;

static int fail_late(const struct mt_silence *silence, int64_t excess_us, const char *text,
                     struct mt_error *error)
{
    if (silence->starved_us >= excess_us / 2) {
        return mt_undecided(error, "%s; somebody had no processor for %" PRId64 " us meanwhile",
                            text, silence->starved_us);
    }
    return mt_fail(error, "%s", text);
}

int mt_silence_judge(const struct mt_silence *silence, struct mt_error *error)
{
    int64_t most = silence->most_us + silence->spacing_us;

    if (silence->most_us + silence->stopped_us / CLOCKS_DIFFER_BY + clocks_step_us <
        silence->stopped_us) {
        return mt_fail(error,
                       "the guest was silent for %" PRId64 " us at most, and %" PRId64
                       " us lie between STOP and RESUME",
                       silence->most_us, silence->stopped_us);
    }
    if (most + silence->after_us + busy_host_us < silence->qemu_says_us) {
        MT_AUTO_FREE char *text =
            mt_text("the guest was silent for %" PRId64
                    " us at most, and QEMU says that it was down for %" PRId64 " us",
                    silence->most_us, silence->qemu_says_us);
        return fail_late(silence, silence->qemu_says_us - most - silence->after_us, text, error);
    }
    if (silence->least_us > silence->stopped_us + 2 * silence->spacing_us + busy_host_us) {
        MT_AUTO_FREE char *text =
            mt_text("the guest was silent for %" PRId64 " us at least, though only %" PRId64
                    " us lie between STOP and RESUME",
                    silence->least_us, silence->stopped_us);
        return fail_late(silence, silence->least_us - silence->stopped_us - 2 * silence->spacing_us,
                         text, error);
    }
    return 0;
}
