/* SPDX-License-Identifier: Apache-2.0 */
/* Which children are killed when a worker could not look after its own, and which are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/descendants.h"

static pid_t start_sleeper(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        pause();
        _exit(0);
    }
    assert_true(pid > 0);
    return pid;
}

static void children_are_killed_but_those_to_spare(void **state)
{
    pid_t spared = start_sleeper();
    pid_t killed = start_sleeper();

    (void)state;
    assert_int_equal(mt_kill_children(&spared, 1), 1);
    assert_int_equal(waitpid(killed, NULL, WNOHANG), -1);
    assert_int_equal(waitpid(spared, NULL, WNOHANG), 0);
    assert_int_equal(mt_kill_children(NULL, 0), 1);
}

struct other_thread {
    pthread_barrier_t started;
    pthread_barrier_t looked;
    pid_t child;
    pid_t reaped;
    int status;
};

/* As the measurement of the host does, which waits for its child itself. */
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
    unsigned killed = mt_kill_children(NULL, 0);
    pthread_barrier_wait(&other.looked);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(killed, 0);
    assert_int_equal(other.reaped, other.child);
    assert_true(WIFSIGNALED(other.status) && WTERMSIG(other.status) == SIGTERM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(children_are_killed_but_those_to_spare),
        cmocka_unit_test(another_thread_keeps_its_child),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
