/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which children mt_kill_children kills, and which it leaves alone. It waits for the processes that
 * it kills, and names those that do not die.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/descendants.h"

static pid_t start_sleeper(void)
{
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        prctl(PR_SET_NAME, "sleeper");
        prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
        for (;;) {
            pause();
        }
    }
    return pid;
}

/*
 * Starts a debugger that is attached to the victim, so that the victim stays a zombie when it ends.
 * Returns when the debugger is attached.
 */
static pid_t start_debugger(pid_t victim)
{
    int ends[2];
    char byte;

    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        /* Retry until the victim allows any process to attach. */
        while (ptrace(PTRACE_SEIZE, victim, NULL, NULL) < 0) {
            usleep(1000);
        }
        (void)!write(ends[1], "s", 1);
        for (;;) {
            pause();
        }
    }
    assert_int_equal(read(ends[0], &byte, 1), 1);
    close(ends[0]);
    close(ends[1]);
    return pid;
}

static void all_children_but_the_spared_are_killed(void **state)
{
    pid_t spared = start_sleeper();
    pid_t killed = start_sleeper();

    (void)state;
    assert_int_equal(mt_kill_children(&spared, 1, NULL), 1);
    assert_int_equal(waitpid(killed, NULL, WNOHANG), -1);
    assert_int_equal(waitpid(spared, NULL, WNOHANG), 0);
    assert_int_equal(mt_kill_children(NULL, 0, NULL), 1);
}

struct other_thread {
    pthread_barrier_t started;
    pthread_barrier_t looked;
    pid_t child;
    pid_t reaped;
    int status;
};

/* The measurement of the host also starts a child in another thread, and waits for it itself. */
static void *run_child(void *argument)
{
    struct other_thread *other = argument;

    other->child = start_sleeper();
    pthread_barrier_wait(&other->started);
    pthread_barrier_wait(&other->looked);
    kill(other->child, SIGTERM);
    other->reaped = waitpid(other->child, &other->status, 0);
    return NULL;
}

static void another_thread_keeps_its_child(void **state)
{
    struct other_thread other = {0};
    pthread_t thread;

    (void)state;
    pthread_barrier_init(&other.started, NULL, 2);
    pthread_barrier_init(&other.looked, NULL, 2);
    assert_int_equal(pthread_create(&thread, NULL, run_child, &other), 0);
    pthread_barrier_wait(&other.started);
    unsigned killed = mt_kill_children(NULL, 0, NULL);
    pthread_barrier_wait(&other.looked);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(killed, 0);
    assert_int_equal(other.reaped, other.child);
    assert_true(WIFSIGNALED(other.status) && WTERMSIG(other.status) == SIGTERM);
}

static void no_child_is_left(void **state)
{
    __attribute__((cleanup(mt_strings_clear))) struct mt_strings survivors = {0};

    (void)state;
    start_sleeper();
    start_sleeper();
    assert_int_equal(mt_kill_children(NULL, 0, &survivors), 2);
    assert_int_equal(survivors.count, 0);
    assert_int_equal(waitpid(-1, NULL, 0), -1);
}

static void a_child_that_stays_is_named(void **state)
{
    __attribute__((cleanup(mt_strings_clear))) struct mt_strings survivors = {0};
    pid_t victim = start_sleeper();
    pid_t debugger = start_debugger(victim);

    (void)state;
    mt_kill_children(&debugger, 1, &survivors);
    assert_int_equal(survivors.count, 1);
    assert_non_null(strstr(survivors.items[0], "sleeper (process "));
    kill(debugger, SIGKILL);
    assert_int_equal(waitpid(debugger, NULL, 0), debugger);
    assert_int_equal(waitpid(victim, NULL, 0), victim);
}

static void giving_back_memory_takes_time(void **state)
{
    (void)state;
    assert_int_equal(mt_dying_ms(0), 0);
    assert_true(mt_dying_ms(INT64_C(64) << 30) >= 30000);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_children_but_the_spared_are_killed),
        cmocka_unit_test(another_thread_keeps_its_child),
        cmocka_unit_test(no_child_is_left),
        cmocka_unit_test(a_child_that_stays_is_named),
        cmocka_unit_test(giving_back_memory_takes_time),
    };

    return cmocka_run_group_tests_name("descendants", tests, NULL, NULL);
}
