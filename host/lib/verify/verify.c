/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/verify.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "lib/pair/run.h"
#include "lib/verify/cpuid.h"
#include "lib/verify/leftovers.h"
#include "lib/verify/ownership.h"
#include "lib/verify/ram.h"
#include "lib/verify/second_view.h"
#include "lib/verify/state.h"
#include "lib/verify/statistics.h"
#include "lib/verify/verification.h"

struct oracle {
    enum mt_oracle oracle;
    const char *name; /* as the manifest's `blind` has it */
    const char *attempt;
    int (*look)(struct mt_pair *pair, struct mt_error *error);
};

/* In the order in which they look. */
static const struct oracle oracles[] = {
    {MT_ORACLE_RAM, "ram", "comparing RAM", mt_ram_compare},
    {MT_ORACLE_STATE, "state", "comparing device state", mt_state_compare},
    {MT_ORACLE_SECOND_VIEW, "second-view", "comparing what QEMU shows of itself",
     mt_second_view_compare},
    {MT_ORACLE_CPUID, "cpuid", "comparing the CPU that the guest sees", mt_cpuid_compare},
    {MT_ORACLE_OWNERSHIP, "ownership", "looking at who owns the guest", mt_ownership_check},
    {MT_ORACLE_STATISTICS, "statistics",
     "looking at what the source says of the migration in figures", mt_statistics_check},
    {MT_ORACLE_LEFTOVERS, "leftovers", "checking that the migration has left nothing behind",
     mt_leftovers_expect_none},
};

static bool may_be_blind(const struct mt_pair *pair, const char *oracle)
{
    const char *const *name = pair->config->blind;

    while (name != NULL && *name != NULL && strcmp(*name, oracle) != 0) {
        name++;
    }
    return name != NULL && *name != NULL;
}

bool mt_verify_may_ask(const struct mt_pair *pair, const char *command)
{
    const char *why = mt_json_find_text(pair->config->unusable_views, command);

    if (why != NULL) {
        MT_AUTO_FREE char *text = mt_text("%s: %s", command, why);
        mt_pair_note(pair, "not compared", text);
    }
    return why == NULL;
}

static int consult(struct mt_pair *pair, const struct oracle *oracle, struct mt_error *error)
{
    int64_t start_us = mt_now_us();
    int result = oracle->look(pair, error);

    mt_verification_of(pair)->oracles_us += mt_now_us() - start_us;
    if (result == MT_CANNOT_LOOK && may_be_blind(pair, oracle->name)) {
        mt_pair_note(pair, "blind", mt_error_text(error));
        mt_error_clear(error);
        return 0;
    }
    return result < 0 ? mt_wrap(error, "%s", oracle->attempt) : 0;
}

int64_t mt_verify_time_us(struct mt_pair *pair)
{
    return mt_verification_of(pair)->oracles_us;
}

int mt_verify(struct mt_pair *pair, unsigned oracles_to_ask, struct mt_error *error)
{
    for (size_t i = 0; i < sizeof(oracles) / sizeof(oracles[0]); i++) {
        if ((oracles_to_ask & oracles[i].oracle) != 0 && consult(pair, &oracles[i], error) < 0) {
            return -1;
        }
    }
    return 0;
}

int mt_verify_still(struct mt_pair *pair, struct mt_error *error)
{
    if (mt_vm_expect_status(pair->sides[MT_SOURCE].vm, "postmigrate", error) < 0 ||
        mt_vm_expect_status(pair->sides[MT_DESTINATION].vm, "paused", error) < 0) {
        return mt_wrap(error, "while both sides should stand still");
    }
    return mt_verify(pair, pair->run->mode->at_still, error);
}
