/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plugin that uses each macro of the public headers that makes an object, and is C and C++ alike;
 * host/tests/e2e/abi.sh compiles it as both.
 */
#include <migtest/migtest.h>

static const struct mt_option options[] = {
    MT_OPTION(.name = "channels", .help = "multifd channels", .minimum = 1, .maximum = 255,
              .default_int = 4, .type = MT_OPTION_INT),
    MT_OPTION(.name = "device", .help = "a device of both", .type = MT_OPTION_STRING),
};

MT_PLUGIN(.name = NAME, .version = "1.0", .vendor = "migtest", .licence = "Apache-2.0",
          .summary = "C and C++", MT_OPTIONS(options));

static int set_up(void **state)
{
    struct mt_pair *pair = (struct mt_pair *)*state;

    mt_add_args(pair, "-name", mt_scratch(pair));
    return 0;
}

static void plain(void **state)
{
    mt_migrate((struct mt_pair *)*state, MT_MIGRATION(.transport = MT_UNIX, .live = true));
}

static void in_steps(void **state)
{
    struct mt_pair *pair = (struct mt_pair *)*state;
    unsigned channels = (unsigned)mt_option_int(pair, "channels");
    const struct mt_migration *migration =
        MT_MIGRATION(.live = true, .transport = MT_TCP,
                     .limits = MT_LIMITS(.bandwidth = 100000000, .downtime_ms = 1),
                     .multifd = MT_MULTIFD(.channels = channels), .pause = true);

    mt_set_capability(pair, "return-path", true);
    mt_set_dirtying(mt_source(pair), MT_DIRTYING(.working_set = 1000 * channels));
    mt_migrate_start(pair, migration);
    mt_migrate_wait_status(pair, MT_STATUS_ACTIVE);
    mt_migrate_finish(pair);
    struct mt_reply *reply = mt_qmp(mt_destination(pair), "query-status", NULL);
    assert_string_equal(mt_reply_string(reply, "status"), "running");
    mt_note(pair, "transferred", "%lld", (long long)mt_migrate_value(pair, "ram.transferred"));
    if (mt_pid(mt_source(pair)) == 0) {
        mt_skip(pair, "there is no %s", "process");
    }
}

static const struct mt_test tests[] = {
    MT_TEST(.name = "languages/plain", .summary = "Without a need", .run = plain),
    MT_TEST(.name = "languages/in-steps", .run = in_steps,
            .needs = MT_NEEDS(.capabilities = MT_LIST("multifd", "return-path"),
                              .since = MT_SINCE(.word = "multifd-kept", .source = "4.0",
                                                .lack = "has no multifd")),
            .machine = MT_MACHINE(.args = MT_LIST("-nodefaults"), .ram_mib = 150),
            .tags = MT_LIST("languages"), .timeout_s = 60),
};

MT_BEGIN_C
int mt_plugin_register(struct mt_registry *registry)
{
    return mt_register_group(registry, MT_GROUP(NAME, tests, .setup = set_up));
}
MT_END_C
