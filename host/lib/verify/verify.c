/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/verify.h"

#include "lib/verify/ram.h"

int mt_verify_still(struct mt_pair *pair, struct mt_error *error)
{
    if (mt_vm_expect_status(pair->source, "postmigrate", error) < 0 ||
        mt_vm_expect_status(pair->destination, "paused", error) < 0) {
        return mt_wrap(error, "while both sides should stand still");
    }
    if (mt_ram_compare(pair, error) < 0) {
        return mt_wrap(error, "comparing RAM");
    }
    return 0;
}
