/* SPDX-License-Identifier: Apache-2.0 */
/* Plugins that do not load, one for each value of BROKEN. */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <migtest/migtest.h>

#define CONSTRUCTOR_CRASHES 1
#define CONSTRUCTOR_EXITS 2
#define CONSTRUCTOR_HANGS 3
#define REGISTRATION_CRASHES 4
#define REGISTRATION_REFUSES 5
#define SAME_NAME_TWICE 6
#define WRONG_ABI 7
#define NO_REGISTRATION 8
#define NO_NOTE 9
#define OTHER_NAME 10
#define OWN_CMOCKA 11
#define TOO_LITTLE_RAM 12

#if BROKEN == WRONG_ABI
#undef MT_ABI_MAJOR
#define MT_ABI_MAJOR 7
#endif

#if BROKEN == NO_NOTE
MT_EXPORT const struct mt_plugin mt_plugin = {.size = sizeof(struct mt_plugin), .name = NAME};
#elif BROKEN == OTHER_NAME
MT_PLUGIN(.name = "somebody-else");
#else
MT_PLUGIN(.name = NAME, .version = "1.0", .vendor = "migtest", .licence = "Apache-2.0");
#endif

__attribute__((constructor)) static void construct(void)
{
#if BROKEN == CONSTRUCTOR_CRASHES
    abort();
#elif BROKEN == CONSTRUCTOR_EXITS
    exit(0);
#elif BROKEN == CONSTRUCTOR_HANGS
    pause();
#endif
}

#if BROKEN == OWN_CMOCKA
MT_EXPORT int _cmocka_run_group_tests(const char *group_name, const struct CMUnitTest *tests,
                                      size_t num_tests, CMFixtureFunction group_setup,
                                      CMFixtureFunction group_teardown)
{
    return group_name != NULL && tests != NULL && num_tests > 0 && group_setup != group_teardown;
}
#endif

#if BROKEN != NO_REGISTRATION
static void nothing(void **state)
{
    (void)state;
}

static const struct mt_test tests[] = {
    {.name = "nothing", .run = nothing},
#if BROKEN == SAME_NAME_TWICE
    {.name = "nothing", .run = nothing},
#elif BROKEN == TOO_LITTLE_RAM
    {.name = "small", .run = nothing, .machine = MT_MACHINE(.ram_mib = 100)},
#endif
};

int mt_plugin_register(struct mt_registry *registry)
{
#if BROKEN == REGISTRATION_CRASHES
    raise(SIGSEGV);
#elif BROKEN == REGISTRATION_REFUSES
    return 5;
#endif
    return mt_register_group(registry, MT_GROUP(NAME, tests));
}
#endif
