/* SPDX-License-Identifier: Apache-2.0 */
/* New descriptors and threads of a process are named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "lib/process/belongings.h"

static struct mt_belongings count(void)
{
    struct mt_belongings counted;
    MT_AUTO_ERROR struct mt_error error = {0};

    assert_int_equal(mt_belongings_count(getpid(), &counted, &error), 0);
    return counted;
}

static char *growth_since(struct mt_belongings *before)
{
    struct mt_belongings now = count();
    char *growth = mt_belongings_growth(before, &now);

    mt_belongings_clear(&now);
    mt_belongings_clear(before);
    return growth;
}

static void nothing_new_is_nothing(void **state)
{
    struct mt_belongings before = count();

    (void)state;
    assert_null(growth_since(&before));
}

static void *wait_at(void *barrier)
{
    pthread_barrier_wait(barrier);
    return NULL;
}

static void a_thread_is_named(void **state)
{
    struct mt_belongings before = count();
    pthread_barrier_t barrier;
    pthread_t thread;

    (void)state;
    pthread_barrier_init(&barrier, NULL, 2);
    assert_int_equal(pthread_create(&thread, NULL, wait_at, &barrier), 0);
    assert_int_equal(pthread_setname_np(thread, "nbd-connect"), 0);
    MT_AUTO_FREE char *growth = growth_since(&before);
    pthread_barrier_wait(&barrier);
    pthread_join(thread, NULL);
    assert_non_null(strstr(growth, "2 threads (1 before): "));
    assert_non_null(strstr(growth, " (nbd-connect)"));
}

/* The new ones of each kind are named, and only these. */
static void descriptors_are_named(void **state)
{
    int older = dup(0);
    struct mt_belongings before = count();
    int pair[2];

    (void)state;
    int file = dup(older);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    MT_AUTO_FREE char *growth = growth_since(&before);
    MT_AUTO_FREE char *socket = mt_text("%d (socket:[", pair[1]);
    MT_AUTO_FREE char *new = mt_text("%d (", file);
    MT_AUTO_FREE char *old = mt_text(" %d (", older);
    close(pair[0]);
    close(pair[1]);
    close(file);
    close(older);
    assert_non_null(strstr(growth, socket));
    assert_non_null(strstr(growth, new));
    assert_null(strstr(growth, old));
}

/* A reader would not read a longer list. */
static void of_many_the_first_are_named(void **state)
{
    enum { MANY = 30 };
    struct mt_belongings before = count();
    int fds[MANY];

    (void)state;
    for (size_t i = 0; i < MANY; i++) {
        fds[i] = socket(AF_UNIX, SOCK_STREAM, 0);
    }
    MT_AUTO_FREE char *growth = growth_since(&before);
    for (size_t i = 0; i < MANY; i++) {
        close(fds[i]);
    }
    assert_string_equal(growth + strlen(growth) - strlen("), ..."), "), ...");
    assert_true(strlen(growth) < 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_new_is_nothing),
        cmocka_unit_test(a_thread_is_named),
        cmocka_unit_test(descriptors_are_named),
        cmocka_unit_test(of_many_the_first_are_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
