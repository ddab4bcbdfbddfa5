/* SPDX-License-Identifier: Apache-2.0 */
/* Faults put into good migrations on purpose: each test here must fail, or an oracle is blind. */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <migtest/migtest.h>

MT_PLUGIN(.name = "faults", .version = "1.0", .vendor = "migtest", .licence = "Apache-2.0",
          .summary = "Migrations that were tampered with");

enum {
    WAIT_MS = 20000,
    LIVE_PASSES = 2,
};

/* Within the guest's range, in a page that stays zero. */
static const uint64_t victim = 0x02345678;

/* A page that changes in each pass, and one that is written once, above the range. */
static const uint64_t changing_page = 0x02346000;
static const uint64_t once_page = 0x06441000;

static void access_memory(struct mt_vm *vm, uint64_t guest_address, void *bytes, size_t size,
                          bool write)
{
    char path[64];
    struct mt_reply *answer =
        mt_qmp(vm, "human-monitor-command", "{'command-line': %s}", "gpa2hva 0");
    const char *address = strstr(mt_reply_string(answer, ""), " is 0x");

    assert_non_null(address);
    off_t at = (off_t)(strtoull(address + strlen(" is "), NULL, 16) + guest_address);
    snprintf(path, sizeof(path), "/proc/%d/mem", (int)mt_pid(vm));
    int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    ssize_t done = write ? pwrite(fd, bytes, size, at) : pread(fd, bytes, size, at);
    close(fd);
    assert_int_equal(done, (ssize_t)size);
}

static void flip_byte(struct mt_vm *vm, uint64_t guest_address)
{
    unsigned char byte;

    access_memory(vm, guest_address, &byte, 1, false);
    byte ^= 0x10;
    access_memory(vm, guest_address, &byte, 1, true);
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

/* As if it had been sent for the last time before the guest last wrote to it. */
static void stale_page(void **state)
{
    struct mt_pair *pair = *state;
    unsigned char page[4096];

    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true, .self_start = true));
    access_memory(mt_source(pair), changing_page, page, sizeof(page), false);
    mt_wait_guest_pass(mt_source(pair));
    mt_migrate_wait_pass(pair, LIVE_PASSES);
    mt_migrate_converge(pair, 0, 0);
    mt_wait_reply(mt_destination(pair), "query-migrate", "status", "completed", WAIT_MS);
    access_memory(mt_destination(pair), changing_page, page, sizeof(page), true);
    mt_migrate_finish(pair);
}

/* As if it had never been sent. */
static void lost_page(void **state)
{
    struct mt_pair *pair = *state;
    unsigned char page[4096] = {0};

    run_to_completion(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true, .self_start = true));
    access_memory(mt_destination(pair), once_page, page, sizeof(page), true);
    mt_migrate_finish(pair);
}

static void human(struct mt_vm *vm, const char *line)
{
    mt_qmp(vm, "human-monitor-command", "{'command-line': %s}", line);
}

static const struct mt_migration live_unix = {
    .size = sizeof(struct mt_migration),
    .transport = MT_UNIX,
    .live = true,
};

/* The scratch register of the first serial port, which nothing reads by itself. */
static void lost_device_field(void **state)
{
    struct mt_pair *pair = *state;

    run_to_completion(pair, &live_unix);
    human(mt_destination(pair), "o /b 0x3ff 0x77");
    mt_migrate_finish(pair);
}

/* The same in a machine to which a device was added meanwhile. */
static void lost_device_field_plugged(void **state)
{
    struct mt_pair *pair = *state;

    mt_qmp(mt_source(pair), "device_add", "{'driver': 'scsi-cd', 'bus': 'room.0'}");
    mt_qmp(mt_destination(pair), "device_add", "{'driver': 'scsi-cd', 'bus': 'room.0'}");
    lost_device_field(state);
}

/* The same where only the guest itself can see it. */
static void lost_device_field_self_start(void **state)
{
    struct mt_pair *pair = *state;

    run_to_completion(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true, .self_start = true));
    human(mt_destination(pair), "o /b 0x3ff 0x77");
    mt_migrate_finish(pair);
}

/* What DMA channel 0 would do: no register tells it. */
static void lost_hidden_field(void **state)
{
    struct mt_pair *pair = *state;

    run_to_completion(pair, &live_unix);
    human(mt_destination(pair), "o /b 0x0b 0x58");
    mt_migrate_finish(pair);
}

/* The same where the plugin knows of it. */
static void excused_hidden_field(void **state)
{
    mt_add_not_kept(*state, "dma", "regs[0].mode", "the test changes it");
    lost_hidden_field(state);
}

static void gdb_send(int fd, const char *packet)
{
    unsigned char sum = 0;
    char text[128];

    for (const char *at = packet; *at != '\0'; at++) {
        sum = (unsigned char)(sum + (unsigned char)*at);
    }
    snprintf(text, sizeof(text), "$%s#%02x", packet, sum);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
}

/* QEMU acknowledges with a plus, and answers with a packet that ends in a checksum. */
static void gdb_expect_ok(int fd)
{
    const char *expected = "+$OK#9a";
    char answer[16] = {0};

    for (size_t got = 0; got < strlen(expected);) {
        ssize_t more = read(fd, answer + got, strlen(expected) - got);
        assert_true(more > 0);
        got += (size_t)more;
    }
    assert_string_equal(answer, expected);
}

static void set_register(struct mt_pair *pair, const char *packet)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char line[160];

    snprintf(address.sun_path, sizeof(address.sun_path), "%s/gdb", mt_scratch(pair));
    snprintf(line, sizeof(line), "gdbserver unix:%s,server=on,wait=off", address.sun_path);
    human(mt_destination(pair), line);
    int fd = mt_own_fd(pair, socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
    gdb_send(fd, packet);
    gdb_expect_ok(fd);
}

/* EBX is register 3 of i386 and 1 of x86-64, whose numbering QEMU uses for its 64-bit target. */
static void lost_register(void **state)
{
    run_to_completion(*state, &live_unix);
    set_register(*state, "P1=1122334455667788");
    mt_migrate_finish(*state);
}

/* KERNEL_GS_BASE is register 26, and nothing that QEMU prints. */
static void lost_msr(void **state)
{
    run_to_completion(*state, &live_unix);
    set_register(*state, "P1a=1122334455667788");
    mt_migrate_finish(*state);
}

/* `info pci` shows a device's id, which no migration state has. */
static void other_view(void **state)
{
    mt_migrate(*state, &live_unix);
}

/* Writes to the clock's alarm what it holds. */
static void set_alarm_again(struct mt_vm *vm)
{
    char line[32];
    unsigned seconds;

    human(vm, "o /b 0x70 0x01");
    struct mt_reply *answer =
        mt_qmp(vm, "human-monitor-command", "{'command-line': %s}", "i /b 0x71");
    assert_int_equal(sscanf(mt_reply_string(answer, ""), "portb[0x0071] = %x", &seconds), 1);
    snprintf(line, sizeof(line), "o /b 0x71 %#x", seconds);
    human(vm, line);
}

/* No fault: each side's clock is made to compute anew when its second ends, and when its alarm. */
static void clock_anew(void **state)
{
    struct mt_pair *pair = *state;

    run_to_completion(pair, &live_unix);
    set_alarm_again(mt_source(pair));
    set_alarm_again(mt_destination(pair));
    mt_migrate_finish(pair);
}

/* A descriptor that was meant for the migration, and that nobody uses. */
static void leaked_descriptor(void **state)
{
    struct mt_pair *pair = *state;

    mt_give_fd(pair, mt_source(pair), mt_own_fd(pair, open("/dev/null", O_RDONLY | O_CLOEXEC)),
               "forgotten");
    mt_migrate(pair, &live_unix);
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

    mt_migrate_start(
        pair, MT_MIGRATION(.transport = MT_UNIX, .live = true,
                           .limits = MT_LIMITS(.bandwidth = 1000000000, .downtime_ms = 30000)));
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

/* It stops for its switchover, which the test does not expect yet. */
static void asks_after_switchover(void **state)
{
    struct mt_pair *pair = *state;

    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
    mt_migrate_wait_pass(pair, LIVE_PASSES);
    mt_migrate_converge(pair, 0, 0);
    for (;;) {
        mt_wait_guest_pass(mt_source(pair));
    }
}

/* What the destination cannot have, it says, and ends. */
static void migrate_live(void **state)
{
    mt_migrate(*state, MT_MIGRATION(.transport = MT_UNIX, .live = true));
}

/* A destination that refuses the stream at its first byte; with a bandwidth, a live start waits for
 * nothing, so that the test can. */
static void refused_stream_awaited(void **state)
{
    mt_migrate_start(*state, MT_MIGRATION(.transport = MT_UNIX, .live = true,
                                          .limits = MT_LIMITS(.bandwidth = 50000000)));
    mt_wait_exit(mt_destination(*state), 1);
    mt_migrate_wait_status(*state, MT_STATUS_FAILED);
}

static const struct mt_machine refusing_machine = {
    .size = sizeof(struct mt_machine),
    .destination_args = MT_LIST("-global", "migration.send-configuration=off"),
};

static const struct mt_machine unlike_machine = {
    .size = sizeof(struct mt_machine),
    .source_args = MT_LIST("-device", "virtio-rng-pci,vectors=0"),
    .destination_args = MT_LIST("-device", "virtio-rng-pci,vectors=2"),
};

static const struct mt_test tests[] = {
    {.name = "lost-byte", .run = lost_byte},
    {.name = "lost-byte/self-start", .run = lost_byte_self_start},
    {.name = "lost-byte/cancelled", .run = lost_byte_cancelled},
    {.name = "stale-page", .run = stale_page},
    {.name = "lost-page", .run = lost_page},
    {.name = "lost-device-field", .run = lost_device_field},
    {.name = "lost-device-field/plugged",
     .run = lost_device_field_plugged,
     .machine = MT_MACHINE(.args = MT_LIST("-device", "pvscsi,id=room"))},
    {.name = "lost-device-field/self-start", .run = lost_device_field_self_start},
    {.name = "lost-hidden-field", .run = lost_hidden_field},
    {.name = "lost-hidden-field/excused", .run = excused_hidden_field},
    {.name = "lost-register", .run = lost_register},
    {.name = "lost-msr", .run = lost_msr},
    {.name = "other-view",
     .run = other_view,
     .machine = MT_MACHINE(.source_args = MT_LIST("-device", "piix3-usb-uhci,id=here"),
                           .destination_args = MT_LIST("-device", "piix3-usb-uhci,id=there"))},
    {.name = "clock-anew", .run = clock_anew},
    {.name = "leaked-descriptor", .run = leaked_descriptor},
    {.name = "second-owner", .run = second_owner},
    {.name = "early-switchover", .run = early_switchover},
    {.name = "destination-dies", .run = destination_dies},
    {.name = "refused-device", .run = migrate_live, .machine = &unlike_machine},
    {.name = "refused-stream", .run = migrate_live, .machine = &refusing_machine},
    {.name = "refused-stream/awaited", .run = refused_stream_awaited, .machine = &refusing_machine},
    {.name = "asks-after-switchover", .run = asks_after_switchover},
    {.name = "wrong-exit-status", .run = wrong_exit_status},
};

int mt_plugin_register(struct mt_registry *registry)
{
    return mt_register_group(registry, MT_GROUP("faults", tests));
}
