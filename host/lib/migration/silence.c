/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The source's guest cannot beat after STOP, nor the destination's before RESUME: QEMU stamps these
 * itself, so the silence lasts at least as long however busy the host is. It lasts little longer:
 * up to a beat before, one after, and until the host runs the destination's virtual CPU.
 *
 * query-migrate's `downtime` begins before the virtual CPUs are asked to stop, and ends when the
 * source's migration thread gets to it, which may be after RESUME; how long after shows in the
 * stamp of `completed`.
 */
#include "lib/migration/silence.h"

#include <inttypes.h>

#include "base/cleanup.h"
#include "base/text.h"

/* For a virtual CPU to be stopped, and to be run again, with many others waiting for a core. */
static const int64_t busy_host_us = 2000000;

/* QEMU stamps by the wall clock, which may be set right meanwhile, by a tenth at most or by a
 * little at once. */
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
