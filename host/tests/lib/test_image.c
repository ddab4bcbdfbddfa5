/* SPDX-License-Identifier: Apache-2.0 */
/* The program of a process is found among its mapped files, whatever has loaded it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/process/image.h"

#define PROGRAM "/usr/bin/sleep"

/* The path of the loader, from the headers of a program. */
#define LOADER "/lib64/ld-linux-x86-64.so.2"

static pid_t start(const char *const *command)
{
    pid_t pid = fork();

    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        execv(command[0], (char *const *)(uintptr_t)command);
        _exit(1);
    }
    return pid;
}

static void stop(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

/* Waits until the program is loaded, for 10 s at most. */
static struct mt_image image_of(pid_t pid)
{
    struct mt_image image = {0};
    const struct timespec pause = {.tv_nsec = 10000000};

    for (int i = 0; i < 1000; i++) {
        MT_AUTO_ERROR struct mt_error error = {0};
        mt_image_clear(&image);
        if (mt_image_read(pid, &image, &error) == 0 && strcmp(image.path, PROGRAM) == 0) {
            return image;
        }
        nanosleep(&pause, NULL);
    }
    fail_msg("process %d never ran " PROGRAM ", but %s", pid, image.path);
    return image;
}

static void the_loader_is_not_the_program(void **state)
{
    pid_t plain = start((const char *const[]){PROGRAM, "60", NULL});
    pid_t loaded = start((const char *const[]){LOADER, PROGRAM, "60", NULL});
    struct mt_image expected = image_of(plain);
    struct mt_image found = image_of(loaded);

    (void)state;
    assert_string_equal(found.build_id, expected.build_id);
    assert_int_equal(strspn(found.build_id, "0123456789abcdef"), strlen(found.build_id));
    mt_image_clear(&expected);
    mt_image_clear(&found);
    stop(plain);
    stop(loaded);
}

static void the_script_is_not_the_program(void **state)
{
    pid_t pid = start((const char *const[]){"/bin/sh", "-c", "exec " PROGRAM " 60", NULL});
    struct mt_image found = image_of(pid);

    (void)state;
    assert_string_equal(found.path, PROGRAM);
    mt_image_clear(&found);
    stop(pid);
}

static void a_process_that_has_ended_has_none(void **state)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    struct mt_image image;
    pid_t pid = start((const char *const[]){"/bin/true", NULL});
    siginfo_t info;

    (void)state;
    assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
    assert_int_equal(mt_image_read(pid, &image, &error), -1);
    waitpid(pid, NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_loader_is_not_the_program),
        cmocka_unit_test(the_script_is_not_the_program),
        cmocka_unit_test(a_process_that_has_ended_has_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
