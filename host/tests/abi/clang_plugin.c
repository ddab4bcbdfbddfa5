/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sets every member of the structs that a plugin makes on its stack, to values that no compiler
 * knows before it runs. Then a compiler stores member by member, and what lies between members
 * keeps what was on the stack. To be built by another compiler than migtest is, clang, with
 * -ftrivial-auto-var-init=pattern.
 */
#include <migtest/migtest.h>

MT_PLUGIN(.name = NAME, .version = "1.0", .vendor = "migtest", .licence = "Apache-2.0");

static __attribute__((noinline)) void spoil_stack(void)
{
    volatile unsigned char stack[8192];

    for (size_t i = 0; i < sizeof(stack); i++) {
        stack[i] = 0xaa;
    }
}

static void migrates(void **state)
{
    struct mt_pair *pair = *state;
    volatile bool no = mt_pid(mt_source(pair)) <= 0;
    volatile unsigned none = no;

    spoil_stack();
    mt_set_dirtying(mt_source(pair), MT_DIRTYING(.pages_per_second = none, .stride = none + 2,
                                                 .working_set = none + 1000));
    spoil_stack();
    mt_migrate(pair,
               MT_MIGRATION(.fd_name = NULL,
                            .limits = MT_LIMITS(.bandwidth = none, .downtime_ms = none),
                            .multifd = MT_MULTIFD(.channels = none), .transport = none, .live = !no,
                            .pause = no, .self_start = no, .as_channels = no, .relay = !no));
}

static const struct mt_test tests[] = {
    {.name = "migrates", .run = migrates},
};

int mt_plugin_register(struct mt_registry *registry)
{
    return mt_register_group(registry, MT_GROUP(NAME, tests));
}
