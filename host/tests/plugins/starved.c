/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests whose guest really gets no processor for a while: a loop of ours runs where the thread of
 * its CPU has to run, and the scheduler puts the loop first. The folder that STARVED names keeps
 * how often each test ran.
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <migtest/migtest.h>

MT_PLUGIN(.name = "starved", .version = "1.0", .vendor = "migtest", .licence = "Apache-2.0",
          .summary = "Guests without a processor");

enum {
    LOOK_MS = 25, /* migtest looks at the scheduler as often, while it waits */
    LOOKS = 40,
    MARGIN_MS = 40,           /* it was seen to have a turn every 130 ms */
    SERVED_MARGIN_MS = 60000, /* more than any host makes a guest wait */
    FAST = 2000 * 1000 * 1000,
    MANY_PASSES = 100000,
};

static long count_run(const char *name)
{
    char path[4096];
    struct stat status;
    const char *folder = getenv("STARVED");

    assert_non_null(folder);
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, ".", 1), 1);
    assert_int_equal(fstat(fd, &status), 0);
    close(fd);
    return (long)status.st_size;
}

static pid_t thread_of_guest(struct mt_pair *pair)
{
    return (pid_t)mt_reply_int(mt_qmp(mt_source(pair), "query-cpus-fast", NULL), "0.thread-id");
}

static void pin(pid_t thread)
{
    cpu_set_t allowed;
    cpu_set_t last;

    assert_int_equal(sched_getaffinity(0, sizeof(allowed), &allowed), 0);
    CPU_ZERO(&last);
    for (size_t cpu = CPU_SETSIZE; cpu-- > 0;) {
        if (CPU_ISSET(cpu, &allowed)) {
            CPU_SET(cpu, &last);
            break;
        }
    }
    assert_int_equal(sched_setaffinity(thread, sizeof(last), &last), 0);
}

static pid_t loop;

static void end_loop(void *data)
{
    (void)data;
    kill(loop, SIGKILL);
    waitpid(loop, NULL, 0);
}

/* From now on, until the pair ends. */
static void starve_guest(struct mt_pair *pair)
{
    const struct sched_param none = {0};
    pid_t guest = thread_of_guest(pair);

    loop = fork();
    assert_true(loop >= 0);
    if (loop == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (volatile unsigned spin = 0;; spin++) {
        }
    }
    mt_pair_set_data(pair, NULL, end_loop);
    pin(loop);
    pin(guest);
    assert_int_equal(sched_setscheduler(guest, SCHED_IDLE, &none), 0);
}

/* A guest that dirties nothing between two of QEMU's looks lets its migration converge, rightly. */
static void migrate(struct mt_pair *pair, bool starve)
{
    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
    mt_migrate_wait_pass(pair, 1);
    if (starve) {
        starve_guest(pair);
        mt_set_parameter(mt_source(pair), "max-bandwidth", FAST);
        mt_migrate_wait_pass(pair, MANY_PASSES);
    }
    mt_migrate_finish(pair);
}

static void at_first(void **state)
{
    migrate(*state, count_run("at-first") == 1);
}

/* What a test finds by itself, of a guest that has none, and of one that no stall of this host
 * could explain. */
static void find_wrong(struct mt_pair *pair, bool starve)
{
    mt_source(pair);
    mt_watch_starvation(pair);
    if (starve) {
        starve_guest(pair);
    }
    for (int look = 0; look < LOOKS; look++) {
        usleep(LOOK_MS * 1000);
        mt_qmp(mt_source(pair), "query-status", NULL);
    }
    mt_note(pair, "starved", "%lld ms", (long long)mt_starved_ms(pair));
    mt_fail_unless_starved(pair, starve ? MARGIN_MS : SERVED_MARGIN_MS, "the answer is %d", 41);
}

static void wrong_and_starved(void **state)
{
    count_run("wrong-and-starved");
    find_wrong(*state, true);
}

static void wrong_and_served(void **state)
{
    count_run("wrong-and-served");
    find_wrong(*state, false);
}

/* The first time nothing is found out, the second time it fails: that is no flaky test. */
static void starved_then_wrong(void **state)
{
    find_wrong(*state, count_run("starved-then-wrong") == 1);
}

static void unwatched(void **state)
{
    mt_fail_unless_starved(*state, 0, "nobody watched");
}

static const struct mt_test tests[] = {
    {.name = "at-first", .run = at_first, .alone = true},
    {.name = "wrong-and-starved", .run = wrong_and_starved, .alone = true},
    {.name = "wrong-and-served", .run = wrong_and_served, .alone = true},
    {.name = "starved-then-wrong", .run = starved_then_wrong, .alone = true},
    {.name = "unwatched", .run = unwatched},
};

int mt_plugin_register(struct mt_registry *registry)
{
    return mt_register_group(registry, MT_GROUP("starved", tests));
}
