/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/verify.h"

#include "lib/verify/ram.h"

/* `completed` is said a moment before the run state follows, of which there is no event. */
static int wait_postmigrate(struct mt_vm *source, struct mt_error *error)
{
    const int64_t timeout_ms = 10000;
    json_t *status;

    return mt_vm_wait_reply(source, &status, "query-status", "status", "postmigrate", timeout_ms,
                            error);
}

int mt_verify_still(struct mt_pair *pair, struct mt_error *error)
{
    if (wait_postmigrate(pair->source, error) < 0 ||
        mt_vm_expect_status(pair->destination, "paused", error) < 0) {
        return mt_wrap(error, "while both sides should stand still");
    }
    if (mt_ram_compare(pair, error) < 0) {
        return mt_wrap(error, "comparing RAM");
    }
    return 0;
}
