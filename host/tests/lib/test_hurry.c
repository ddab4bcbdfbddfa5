/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guest is told to hurry as often as its passes are waited for, and where it rests at all; and
 * that is taken before whoever waited goes on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/error.h"
#include "lib/vm/vm.h"

#define GREETING MT_GUEST_MARK "A " MT_GUEST_VERSION "\n"
#define REBOOTED MT_GUEST_MARK "Z " MT_GUEST_VERSION "\n"

struct scene {
    struct mt_vm vm;
    int guest; /* its end of the serial line */
};

static void enter(struct scene *scene, const char *accel)
{
    int ends[2];

    *scene = (struct scene){
        .vm = {.side = "source",
               .accel_in_use = accel,
               .monitor = {.qmp = {.fd = -1}},
               .process = {.pid = -1, .pidfd = -1}},
    };
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    mt_serial_init(&scene->vm.serial, ends[0]);
    scene->guest = ends[1];
    assert_int_equal(write(ends[1], GREETING, strlen(GREETING)), strlen(GREETING));
    mt_vm_receive_guest(&scene->vm);
}

static void leave(struct scene *scene)
{
    mt_serial_clear(&scene->vm.serial);
    close(scene->guest);
}

static void assert_told(struct scene *scene, const char *expected)
{
    char told[16] = "";

    recv(scene->guest, told, sizeof(told) - 1, MSG_DONTWAIT);
    assert_string_equal(told, expected);
}

static void it_is_told_of_each_pass_once(void **state)
{
    struct scene scene;

    (void)state;
    enter(&scene, "tcg");
    assert_true(mt_vm_hurry_guest(&scene.vm, 2));
    assert_told(&scene, "HH");
    assert_false(mt_vm_hurry_guest(&scene.vm, 1));
    assert_told(&scene, "");
    assert_int_equal(write(scene.guest, "BB", 2), 2);
    assert_true(mt_vm_hurry_guest(&scene.vm, 1));
    assert_told(&scene, "H");
    leave(&scene);
}

/* What it made unasked does not count as asked for. */
static void passes_before_are_not_owed(void **state)
{
    struct scene scene;

    (void)state;
    enter(&scene, "tcg");
    assert_int_equal(write(scene.guest, "BBB", 3), 3);
    assert_true(mt_vm_hurry_guest(&scene.vm, 1));
    assert_told(&scene, "H");
    leave(&scene);
}

static void one_that_never_rests_is_left_alone(void **state)
{
    struct scene scene;

    (void)state;
    enter(&scene, "kvm");
    assert_true(mt_vm_hurry_guest(&scene.vm, 1));
    assert_told(&scene, "");
    leave(&scene);
    enter(&scene, "tcg");
    scene.vm.guest_never_rests = true;
    assert_true(mt_vm_hurry_guest(&scene.vm, 1));
    assert_told(&scene, "");
    leave(&scene);
}

/* What it was told before the reset is lost. */
static void one_that_rebooted_is_told_again(void **state)
{
    struct scene scene;

    (void)state;
    enter(&scene, "tcg");
    assert_true(mt_vm_hurry_guest(&scene.vm, 2));
    assert_told(&scene, "HH");
    assert_int_equal(write(scene.guest, REBOOTED, strlen(REBOOTED)), strlen(REBOOTED));
    assert_true(mt_vm_hurry_guest(&scene.vm, 1));
    assert_told(&scene, "H");
    scene.vm.guest_never_rests = true;
    assert_int_equal(write(scene.guest, REBOOTED, strlen(REBOOTED)), strlen(REBOOTED));
    mt_vm_receive_guest(&scene.vm);
    assert_true(mt_vm_hurry_guest(&scene.vm, 1));
    assert_told(&scene, "H");
    leave(&scene);
}

static void one_that_has_stopped_is_left_alone(void **state)
{
    struct scene scene;

    (void)state;
    enter(&scene, "tcg");
    mt_events_add(&scene.vm.monitor.qmp.events, json_pack("{s:s}", "event", "STOP"));
    assert_true(mt_vm_hurry_guest(&scene.vm, 1));
    assert_told(&scene, "");
    mt_events_clear(&scene.vm.monitor.qmp.events);
    leave(&scene);
}

/* Stands for a QEMU that takes what it is sent late, while its guest makes pass after pass. */
static pid_t take_late(const struct scene *scene)
{
    const struct timespec pass = {.tv_nsec = 10000000};
    const int late = 4;
    char told;
    pid_t qemu = fork();

    if (qemu == 0) {
        close(scene->vm.serial.fd);
        for (int passes = 1; send(scene->guest, "B", 1, MSG_NOSIGNAL) == 1; passes++) {
            nanosleep(&pass, NULL);
            if (passes == late) {
                recv(scene->guest, &told, 1, 0);
            }
        }
        _exit(0);
    }
    return qemu;
}

/* What QEMU takes once the device state was sent would make the two sides differ. */
static void nothing_is_under_way_any_more(void **state)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    struct scene scene;

    (void)state;
    enter(&scene, "tcg");
    scene.vm.process.pid = take_late(&scene);
    assert_int_equal(mt_vm_wait_passes(&scene.vm, 1, "a pass", &error), 0);
    assert_true(scene.vm.serial.taken_us <= mt_wall_us());
    mt_process_end(&scene.vm.process);
    leave(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_told_of_each_pass_once),
        cmocka_unit_test(passes_before_are_not_owed),
        cmocka_unit_test(one_that_never_rests_is_left_alone),
        cmocka_unit_test(one_that_rebooted_is_told_again),
        cmocka_unit_test(one_that_has_stopped_is_left_alone),
        cmocka_unit_test(nothing_is_under_way_any_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
