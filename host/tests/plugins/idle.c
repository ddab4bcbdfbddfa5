/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tests of features where the feature does nothing: each must fail. Their bodies are those of
 * plugins/, linked in; what they ask of the library goes through the linker's --wrap, and is
 * changed on its way as the fault says.
 */
#include <string.h>

#include <migtest/migtest.h>

#include "plugins/precopy/precopy.h"

MT_PLUGIN(.name = "idle", .version = "1.0", .vendor = "migtest", .licence = "Apache-2.0",
          .summary = "Features that do nothing");

/* What a test asks for and QEMU never hears of. */
static struct {
    void (*change)(struct mt_migration *migration);
    int64_t downtime_factor; /* 0: as asked */
} fault;

/* The linker gives these their names. */
void __real_mt_migrate_start_at(const char *file, int line, struct mt_pair *pair,
                                const struct mt_migration *migration);
void __wrap_mt_migrate_start_at(const char *file, int line, struct mt_pair *pair,
                                const struct mt_migration *migration);
void __real_mt_migrate_converge_at(const char *file, int line, struct mt_pair *pair,
                                   int64_t bandwidth_limit, int64_t downtime_limit);
void __wrap_mt_migrate_converge_at(const char *file, int line, struct mt_pair *pair,
                                   int64_t bandwidth_limit, int64_t downtime_limit);

void __wrap_mt_migrate_start_at(const char *file, int line, struct mt_pair *pair,
                                const struct mt_migration *migration)
{
    struct mt_migration changed = *migration;

    if (fault.change != NULL) {
        fault.change(&changed);
    }
    __real_mt_migrate_start_at(file, line, pair, &changed);
}

void __wrap_mt_migrate_converge_at(const char *file, int line, struct mt_pair *pair,
                                   int64_t bandwidth_limit, int64_t downtime_limit)
{
    int64_t factor = fault.downtime_factor > 0 ? fault.downtime_factor : 1;

    __real_mt_migrate_converge_at(file, line, pair, bandwidth_limit, factor * downtime_limit);
}

static void quicken(struct mt_migration *migration)
{
    migration->bandwidth *= 3;
}

static void bandwidth_exceeded(void **state)
{
    fault.change = quicken;
    bandwidth(state);
}

static void allow_long_downtime(struct mt_migration *migration)
{
    migration->downtime_limit = 30000;
}

static void switchover_in_first_pass(void **state)
{
    fault.change = allow_long_downtime;
    switchover(state);
}

static void switchover_too_early(void **state)
{
    fault.downtime_factor = 2;
    switchover(state);
}

static const struct mt_test tests[] = {
    {.name = "bandwidth/exceeded", .run = bandwidth_exceeded},
    {.name = "switchover/in-first-pass", .run = switchover_in_first_pass},
    {.name = "switchover/too-early", .run = switchover_too_early},
};

int mt_plugin_register(struct mt_registry *registry)
{
    return mt_register_group(registry, MT_GROUP("idle", tests));
}
