/* SPDX-License-Identifier: Apache-2.0 */
/* Faults put into good migrations on purpose: each test here must fail, or an oracle is blind. */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <migtest/migtest.h>

MT_PLUGIN(.name = "faults", .version = "1.0", .vendor = "migtest", .licence = "Apache-2.0",
          .summary = "Migrations that were tampered with");

enum {
    WAIT_MS = 20000,
    LIVE_PASSES = 2,
};

/* Within the guest's range, in a word of a page that it never writes. */
static const uint64_t victim = 0x02345678;

static void flip_byte(struct mt_vm *vm, uint64_t guest_address)
{
    char path[64];
    unsigned char byte;
    struct mt_reply *answer =
        mt_qmp(vm, "human-monitor-command", "{'command-line': %s}", "gpa2hva 0");
    const char *address = strstr(mt_reply_string(answer, ""), " is 0x");

    assert_non_null(address);
    off_t at = (off_t)(strtoull(address + strlen(" is "), NULL, 16) + guest_address);
    snprintf(path, sizeof(path), "/proc/%d/mem", (int)mt_pid(vm));
    int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte ^= 0x10;
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    close(fd);
}

static void run_to_completion(struct mt_pair *pair, const struct mt_migration *migration)
{
    mt_migrate_start(pair, migration);
    mt_migrate_wait_pass(pair, LIVE_PASSES);
    mt_migrate_converge(pair, 0, 0);
    mt_wait_reply(mt_destination(pair), "query-migrate", "status", "completed", WAIT_MS);
}

static void lost_byte(void **state)
{
    struct mt_pair *pair = *state;

    run_to_completion(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
    flip_byte(mt_destination(pair), victim);
    mt_migrate_finish(pair);
}

static void lost_byte_self_start(void **state)
{
    struct mt_pair *pair = *state;

    run_to_completion(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true, .self_start = true));
    flip_byte(mt_destination(pair), victim);
    mt_migrate_finish(pair);
}

static void lost_byte_cancelled(void **state)
{
    struct mt_pair *pair = *state;

    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
    mt_migrate_wait_pass(pair, 1);
    flip_byte(mt_source(pair), victim);
    mt_migrate_cancel(pair);
}

static void second_owner(void **state)
{
    struct mt_pair *pair = *state;

    run_to_completion(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
    mt_qmp(mt_destination(pair), "cont", NULL);
    mt_migrate_finish(pair);
}

/* With this much downtime allowed it converges at once, so there is no second pass of a running
 * guest. */
static void early_switchover(void **state)
{
    struct mt_pair *pair = *state;

    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true, .downtime_limit = 30000,
                                        .bandwidth = 1000000000));
    mt_migrate_wait_pass(pair, LIVE_PASSES);
}

static void destination_dies(void **state)
{
    struct mt_pair *pair = *state;

    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
    kill(mt_pid(mt_destination(pair)), SIGABRT);
    mt_migrate_wait_pass(pair, LIVE_PASSES);
}

static void wrong_exit_status(void **state)
{
    mt_qmp(mt_source(*state), "quit", NULL);
    mt_wait_exit(mt_source(*state), 1);
}

static const struct mt_test tests[] = {
    {.name = "lost-byte", .run = lost_byte},
    {.name = "lost-byte/self-start", .run = lost_byte_self_start},
    {.name = "lost-byte/cancelled", .run = lost_byte_cancelled},
    {.name = "second-owner", .run = second_owner},
    {.name = "early-switchover", .run = early_switchover},
    {.name = "destination-dies", .run = destination_dies},
    {.name = "wrong-exit-status", .run = wrong_exit_status},
};

int mt_plugin_register(struct mt_registry *registry)
{
    return mt_register_group(registry, MT_GROUP("faults", tests));
}
