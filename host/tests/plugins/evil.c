/* SPDX-License-Identifier: Apache-2.0 */
/* Tests that behave as badly as they can; each must cost its own result only. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <migtest/migtest.h>

MT_PLUGIN(.name = "evil", .version = "1.0", .vendor = "migtest", .licence = "Apache-2.0",
          .summary = "Bad manners");

static void well_behaved(void **state)
{
    mt_note(*state, "manners", "good");
}

static void crash(void **state)
{
    (void)state;
    raise(SIGSEGV);
}

static void exit_zero(void **state)
{
    (void)state;
    exit(0);
}

static void hang(void **state)
{
    (void)state;
    for (volatile unsigned i = 0;; i++) {
    }
}

static void wait_for_nothing(void **state)
{
    mt_wait_event(mt_source(*state), "NO_SUCH_EVENT", 60000);
}

/* The guest stands still, so that nothing can move any more. */
static void stand_still(void **state)
{
    mt_qmp(mt_source(*state), "stop", NULL);
    mt_wait_event(mt_source(*state), "NO_SUCH_EVENT", 60000);
}

/* On every descriptor there is, those that are not its own included. */
static void forge(void **state)
{
    static const char line[] = "{\"kind\":\"returned\",\"what\":\"test\",\"outcome\":\"passed\"}\n";

    (void)state;
    for (int fd = 0; fd < 1024; fd++) {
        (void)!write(fd, line, strlen(line));
    }
}

static void close_everything(void **state)
{
    (void)state;
    close_range(0, ~0U, 0);
}

static void leave_daemon(void **state)
{
    (void)state;
    if (fork() == 0) {
        setsid();
        execlp("sleep", "migtest-evil-daemon", "300", NULL);
        _exit(1);
    }
}

static void fail_assertion(void **state)
{
    (void)state;
    assert_int_equal(1, 2);
}

static void skip_itself(void **state)
{
    mt_skip(*state, "it does not like %s", "Mondays");
}

/* What XML, terminals and JSON all dislike. */
static void print_rubbish(void **state)
{
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        putchar(byte);
    }
    puts("]]> <![CDATA[ \xef\xbf\xbe \xed\xa0\x80");
    fail();
}

static void change_folder(void **state)
{
    (void)state;
    assert_int_equal(chdir("/"), 0);
}

/* Touched page by page: what is only reserved costs nothing. */
static void take_memory(void **state)
{
    const size_t size = (size_t)4 << 30;

    (void)state;
    volatile char *taken = malloc(size);
    assert_non_null(taken);
    for (size_t i = 0; i < size; i += 4096) {
        taken[i] = 1;
    }
}

static void fork_bomb(void **state)
{
    (void)state;
    for (;;) {
        if (fork() < 0) {
            pause();
        }
    }
}

static void fill_disk(void **state)
{
    static const char block[1 << 20] = {1};
    int fd = mt_own_fd(*state, memfd_create("disk", MFD_CLOEXEC));

    for (int i = 0; i < 64; i++) {
        assert_int_equal(write(fd, block, sizeof(block)), sizeof(block));
    }
}

static void jump_nowhere(void **state)
{
    static jmp_buf nowhere;

    (void)state;
    longjmp(nowhere, 1);
}

static void ignore_signals(void **state)
{
    mt_source(*state);
    for (int number = 1; number < 32; number++) {
        signal(number, SIG_IGN);
    }
    hang(state);
}

static int fail_fixture(void **state)
{
    (void)state;
    return -1;
}

static const struct mt_test tests[] = {
    {.name = "well-behaved", .run = well_behaved},
    {.name = "crash", .run = crash},
    {.name = "exit-zero", .run = exit_zero},
    {.name = "hang", .run = hang, .timeout_s = 1},
    {.name = "wait-for-nothing", .run = wait_for_nothing, .timeout_s = 6},
    {.name = "hang-for-long", .run = hang, .timeout_s = 30},
    {.name = "stand-still", .run = stand_still, .timeout_s = 30},
    {.name = "forge", .run = forge},
    {.name = "close-everything", .run = close_everything},
    {.name = "leave-daemon", .run = leave_daemon},
    {.name = "fail-assertion", .run = fail_assertion},
    {.name = "skip-itself", .run = skip_itself},
    {.name = "print-rubbish", .run = print_rubbish},
    {.name = "change-folder", .run = change_folder},
    {.name = "jump-nowhere", .run = jump_nowhere},
    {.name = "ignore-signals", .run = ignore_signals, .timeout_s = 3},
};

/* Only where the manifest limits them. */
static const struct mt_test limited[] = {
    {.name = "fork-bomb", .run = fork_bomb, .timeout_s = 3, .slow = true},
    {.name = "fill-disk", .run = fill_disk, .slow = true},
    {.name = "take-memory", .run = take_memory, .slow = true},
};

static const struct mt_test in_bad_teardown[] = {
    {.name = "teardown/first", .run = well_behaved},
    {.name = "teardown/second", .run = well_behaved},
};

static const struct mt_test in_bad_setup[] = {
    {.name = "setup/only", .run = well_behaved},
};

int mt_plugin_register(struct mt_registry *registry)
{
    if (mt_register_group(registry, MT_GROUP("evil", tests)) < 0 ||
        mt_register_group(registry, MT_GROUP("limited", limited)) < 0 ||
        mt_register_group(
            registry, MT_GROUP("bad-teardown", in_bad_teardown, .teardown = fail_fixture)) < 0) {
        return -1;
    }
    return mt_register_group(registry, MT_GROUP("bad-setup", in_bad_setup, .setup = fail_fixture));
}
