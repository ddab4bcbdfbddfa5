/* SPDX-License-Identifier: Apache-2.0 */
/* Tests whose author has forgotten or mistaken something: none of them may pass for that. */
#include <signal.h>
#include <sys/resource.h>

#include <migtest/migtest.h>

MT_PLUGIN(.name = "careless", .version = "1.0", .vendor = "migtest", .licence = "Apache-2.0",
          .summary = "What authors of plugins get wrong");

static void start_live(struct mt_pair *pair)
{
    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
}

static void left_under_way(void **state)
{
    start_live(*state);
}

static void left_completed(void **state)
{
    start_live(*state);
    mt_migrate_converge(*state, 0, 0);
    mt_migrate_wait_status(*state, MT_STATUS_COMPLETED);
}

static void waits_after_the_end(void **state)
{
    mt_migrate(*state, MT_MIGRATION(.transport = MT_UNIX));
    mt_migrate_wait_pass(*state, 1);
}

static void without_size(void **state)
{
    const struct mt_migration migration = {.transport = MT_TCP, .live = true};

    mt_migrate(*state, &migration);
}

static void stopped_and_live(void **state)
{
    mt_qmp(mt_source(*state), "stop", NULL);
    start_live(*state);
}

static void negative_bandwidth(void **state)
{
    mt_migrate(*state, MT_MIGRATION(.transport = MT_UNIX, .live = true,
                                    .limits = MT_LIMITS(.bandwidth = -5)));
}

static void held_without_relay(void **state)
{
    mt_wire_hold(*state, MT_TO_SOURCE);
    mt_migrate(*state, MT_MIGRATION(.transport = MT_TCP));
}

static void counted_without_relay(void **state)
{
    mt_migrate(*state, MT_MIGRATION(.transport = MT_TCP));
    assert_int_equal(mt_wire_bytes(*state, MT_TO_SOURCE), 0);
}

static void sets_nothing(void **state)
{
    mt_set_parameter_string(mt_source(*state), "tls-creds", NULL);
}

static void new_destination_first(void **state)
{
    mt_new_destination(*state);
}

static void reaps_everything(void **state)
{
    mt_source(*state);
    signal(SIGCHLD, SIG_IGN);
}

static void nothing(void **state)
{
    (void)state;
}

static void uses_the_pair(void **state)
{
    mt_source(*state);
}

static int failing_fixture(void **state)
{
    (void)state;
    assert_int_equal(3, 4);
    return 0;
}

static int asking_fixture(void **state)
{
    mt_qmp(mt_source(*state), "query-status", NULL);
    return 0;
}

static int skipping_fixture(void **state)
{
    mt_skip(*state, "nothing to test here");
}

static int good_fixture(void **state)
{
    (void)state;
    return 0;
}

static int wordy_fixture(void **state)
{
    (void)state;
    fail_msg("no room: %d", 7);
    return 0;
}

static void fails(void **state)
{
    (void)state;
    assert_int_equal(1, 2);
}

static void fails_in_words(void **state)
{
    (void)state;
    fail_msg("too bad: %d", 42);
}

static void skips_without_words(void **state)
{
    (void)state;
    skip();
}

static void completed_and_quit(void **state)
{
    left_completed(state);
    mt_quit(mt_destination(*state));
}

/* The source has said so, too, and nobody has listened. */
static void completed_unheard(void **state)
{
    start_live(*state);
    mt_migrate_converge(*state, 0, 0);
    mt_wait_reply(mt_destination(*state), "query-migrate", "status", "completed", 20000);
    mt_quit(mt_destination(*state));
}

static void source_quit(void **state)
{
    left_completed(state);
    mt_quit(mt_source(*state));
}

static void lost_before_switchover(void **state)
{
    mt_migrate_start(*state, MT_MIGRATION(.transport = MT_UNIX, .live = true, .pause = true));
    mt_migrate_converge(*state, 0, 0);
    mt_migrate_wait_status(*state, MT_STATUS_PRE_SWITCHOVER);
    mt_migrate_lose_destination(*state);
}

static rlim_t most_descriptors(rlim_t most)
{
    struct rlimit limit;

    getrlimit(RLIMIT_NOFILE, &limit);
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = most;
    setrlimit(RLIMIT_NOFILE, &limit);
    return before;
}

static rlim_t descriptors_before;

/* No descriptor is left to start it with, and the source's migration is still under way. */
static void new_destination_does_not_start(void **state)
{
    start_live(*state);
    mt_quit(mt_destination(*state));
    descriptors_before = most_descriptors(0);
    mt_new_destination(*state);
}

static int calling_off_fixture(void **state)
{
    most_descriptors(descriptors_before);
    mt_migrate_cancel(*state);
    return 0;
}

static int waiting_fixture(void **state)
{
    most_descriptors(descriptors_before);
    mt_migrate_wait_status(*state, MT_STATUS_CANCELLED);
    return 0;
}

static int losing_fixture(void **state)
{
    most_descriptors(descriptors_before);
    mt_migrate_lose_destination(*state);
    return 0;
}

static int finishing_fixture(void **state)
{
    most_descriptors(descriptors_before);
    mt_migrate_finish(*state);
    return 0;
}

static int cancelling_fixture(void **state)
{
    mt_migrate_cancel(*state);
    return 0;
}

static void migrates_without_destination(void **state)
{
    mt_source(*state);
    mt_set_capability(*state, "events", true);
    start_live(*state);
}

static void has_no_destination(void **state)
{
    mt_quit(mt_destination(*state));
}

#define SOURCE_ONLY .machine = MT_MACHINE(.source_only = true)
#define STARTS_NO_MORE .run = new_destination_does_not_start

static const struct mt_test tests[] = {
    {.name = "left-under-way", .run = left_under_way},
    {.name = "left-completed", .run = left_completed},
    {.name = "completed-and-quit", .run = completed_and_quit},
    {.name = "completed-unheard", .run = completed_unheard},
    {.name = "source-quit", .run = source_quit},
    {.name = "lost-before-switchover", .run = lost_before_switchover},
    {.name = "waits-after-the-end", .run = waits_after_the_end},
    {.name = "without-size", .run = without_size},
    {.name = "stopped-and-live", .run = stopped_and_live},
    {.name = "negative-bandwidth", .run = negative_bandwidth},
    {.name = "held-without-relay", .run = held_without_relay},
    {.name = "counted-without-relay", .run = counted_without_relay},
    {.name = "sets-nothing", .run = sets_nothing},
    {.name = "new-destination-first", .run = new_destination_first},
    {.name = "cancels-after-no-new-destination", STARTS_NO_MORE, .teardown = calling_off_fixture},
    {.name = "waits-after-no-new-destination", STARTS_NO_MORE, .teardown = waiting_fixture},
    {.name = "loses-after-no-new-destination", STARTS_NO_MORE, .teardown = losing_fixture},
    {.name = "finishes-after-no-new-destination", STARTS_NO_MORE, .teardown = finishing_fixture},
    {.name = "new-destination-of-one", .run = new_destination_first, SOURCE_ONLY},
    {.name = "migration-of-one", .run = migrates_without_destination, SOURCE_ONLY},
    {.name = "destination-of-one", .run = has_no_destination, SOURCE_ONLY},
    {.name = "cancel-of-one", .run = uses_the_pair, .teardown = cancelling_fixture, SOURCE_ONLY},
    {.name = "reaps-everything", .run = reaps_everything},
    {.name = "failing-setup", .run = nothing, .setup = failing_fixture},
    {.name = "failing-teardown", .run = nothing, .teardown = failing_fixture},
    {.name = "asking-teardown", .run = uses_the_pair, .teardown = asking_fixture},
    {.name = "skipping-setup", .run = nothing, .setup = skipping_fixture},
    {.name = "skipping-teardown", .run = nothing, .teardown = skipping_fixture},
    {.name = "wordy-setup", .run = nothing, .setup = wordy_fixture},
    {.name = "fails-and-failing-teardown", .run = fails, .teardown = failing_fixture},
    {.name = "fails-in-words", .run = fails_in_words},
    {.name = "skips-without-words", .run = skips_without_words},
};

int mt_plugin_register(struct mt_registry *registry)
{
    return mt_register_group(registry, MT_GROUP("careless", tests, .teardown = good_fixture));
}
