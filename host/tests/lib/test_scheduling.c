/* SPDX-License-Identifier: Apache-2.0 */
/* Stretches without a processor, from made-up figures and from a real thread without a processor.
 */
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "lib/process/starvation.h"

enum { MS = 1000 };

static struct mt_scheduling of_thread(int64_t at_us, struct mt_thread_time time)
{
    return (struct mt_scheduling){
        .at_us = at_us, .thread_count = 1, .threads = {time}, .cpu_count = 1};
}

/* The same total of waiting is a stall in one piece, and a shared processor in a hundred pieces. */
static void a_stretch_is_one_piece(void **state)
{
    struct mt_scheduling from = of_thread(0, (struct mt_thread_time){.tid = 7, .turns = 10});
    struct mt_scheduling to = of_thread(
        1000 * MS, (struct mt_thread_time){.tid = 7, .waited_ns = 500 * MS * 1000, .turns = 11});

    (void)state;
    struct mt_stretch stretch = mt_scheduling_longest(&from, &to);
    assert_int_equal(stretch.us, 500 * MS);
    assert_int_equal(stretch.tid, 7);
    to.threads[0].turns = 110;
    assert_int_equal(mt_scheduling_longest(&from, &to).us, 5 * MS);
    assert_int_equal(mt_scheduling_most_waited(&from, &to).us, 500 * MS);
}

/* One stretch began before the first look; many short stretches came after it. */
static void what_does_not_fit_between_two_looks_is_one_piece(void **state)
{
    struct mt_scheduling from = of_thread(0, (struct mt_thread_time){.tid = 7, .turns = 10});
    struct mt_scheduling to = of_thread(
        25 * MS, (struct mt_thread_time){
                     .tid = 7, .ran_ns = 5 * MS * 1000, .waited_ns = 120 * MS * 1000, .turns = 40});

    (void)state;
    assert_int_equal(mt_scheduling_longest(&from, &to).us, 100 * MS);
    assert_int_equal(mt_scheduling_most_waited(&from, &to).us, 20 * MS);
}

static void a_wait_that_goes_on_does_not_count(void **state)
{
    struct mt_scheduling from =
        of_thread(0, (struct mt_thread_time){.tid = 7, .waited_ns = 9 * MS * 1000, .turns = 3});
    struct mt_scheduling to = from;

    (void)state;
    to.at_us = 1000 * MS;
    assert_int_equal(mt_scheduling_longest(&from, &to).us, 0);
}

static void a_new_thread_counts_from_its_birth(void **state)
{
    struct mt_scheduling from = of_thread(0, (struct mt_thread_time){.tid = 7, .turns = 3});
    struct mt_scheduling to = of_thread(
        100 * MS, (struct mt_thread_time){.tid = 8, .waited_ns = 80 * MS * 1000, .turns = 1});

    (void)state;
    assert_int_equal(mt_scheduling_longest(&from, &to).us, 80 * MS);
}

static void what_is_stolen_counts_when_it_is_most_of_the_time(void **state)
{
    struct mt_scheduling from = of_thread(0, (struct mt_thread_time){.tid = 7, .turns = 3});
    struct mt_scheduling to = from;

    (void)state;
    to.at_us = 100 * MS;
    to.stolen_us[0] = 40 * MS;
    assert_int_equal(mt_scheduling_longest(&from, &to).us, 0);
    to.stolen_us[0] = 60 * MS;
    assert_int_equal(mt_scheduling_longest(&from, &to).us, 60 * MS);
    assert_int_equal(mt_scheduling_longest(&from, &to).tid, 0);
}

static void pin_to_first_cpu(pid_t pid)
{
    cpu_set_t allowed;
    cpu_set_t first;

    assert_int_equal(sched_getaffinity(0, sizeof(allowed), &allowed), 0);
    CPU_ZERO(&first);
    for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (CPU_ISSET(cpu, &allowed)) {
            CPU_SET(cpu, &first);
            break;
        }
    }
    assert_int_equal(sched_setaffinity(pid, sizeof(first), &first), 0);
}

static pid_t start_loop(void)
{
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        /* A test that runs out of time is killed. */
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (volatile unsigned spin = 0;; spin++) {
        }
    }
    pin_to_first_cpu(pid);
    return pid;
}

static void end_loop(pid_t pid)
{
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* A process of low priority gets no processor while another process runs. */
static void a_real_stall_is_seen(void **state)
{
    const struct sched_param none = {0};
    pid_t victim = start_loop();
    struct mt_starvation starvation = {.pid = victim, .name = "source"};
    char *who;

    (void)state;
    int64_t from_us = mt_now_us();
    mt_starvation_watch(&starvation);
    usleep(100 * MS);
    mt_starvation_look(&starvation);
    assert_true(mt_starvation_longest_us(&starvation, from_us, false, NULL) < 500 * MS);
    assert_int_equal(sched_setscheduler(victim, SCHED_IDLE, &none), 0);
    pid_t hog = start_loop();
    from_us = mt_now_us();
    while (mt_now_us() - from_us < 3000 * MS) {
        usleep(50 * MS);
        mt_starvation_look(&starvation);
    }
    end_loop(hog);
    assert_true(mt_starvation_longest_us(&starvation, from_us, false, &who) >= 100 * MS);
    assert_non_null(strstr(who, "of the source"));
    free(who);
    assert_int_equal(mt_starvation_longest_us(&starvation, mt_now_us() + 1000 * MS, false, NULL),
                     0);
    end_loop(victim);
    mt_starvation_clear(&starvation);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stretch_is_one_piece),
        cmocka_unit_test(what_does_not_fit_between_two_looks_is_one_piece),
        cmocka_unit_test(a_wait_that_goes_on_does_not_count),
        cmocka_unit_test(a_new_thread_counts_from_its_birth),
        cmocka_unit_test(what_is_stolen_counts_when_it_is_most_of_the_time),
        cmocka_unit_test(a_real_stall_is_seen),
    };

    return cmocka_run_group_tests_name("scheduling", tests, NULL, NULL);
}
