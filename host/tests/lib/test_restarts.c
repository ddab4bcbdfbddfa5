/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guest that starts again was reset by somebody, or rebooted by itself; what it is asked
 * meanwhile is not lost.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "lib/vm/vm.h"
#include "tests/lib/side.h"

#define REBOOTED MT_GUEST_MARK "Z " MT_GUEST_VERSION "\n"
#define WOKEN MT_GUEST_MARK "W " MT_GUEST_VERSION "\n"

static void say(struct side *side, const char *said)
{
    assert_int_equal(write(side->guest, said, strlen(said)), (ssize_t)strlen(said));
    mt_vm_guest_receive(&side->vm);
}

static void reset(struct side *side, bool by_guest, const char *reason)
{
    mt_events_add(&side->vm.monitor.qmp.events,
                  json_pack("{s:s, s:{s:b, s:s}}", "event", "RESET", "data", "guest", by_guest,
                            "reason", reason));
}

/* NULL: nothing is wrong. */
static void assert_complaint(struct side *side, const char *expected)
{
    MT_AUTO_ERROR struct mt_error error = {0};

    int result = mt_vm_guest_check_complaint(&side->vm, &error);
    assert_int_equal(result, expected != NULL ? -1 : 0);
    if (expected != NULL) {
        assert_string_equal(mt_error_text(&error), expected);
    }
}

static void a_reset_starts_it_again(void **state)
{
    struct side side;

    (void)state;
    enter(&side, "source");
    say(&side, GREETING "BB");
    reset(&side, false, "host-qmp-system-reset");
    assert_complaint(&side, NULL);
    say(&side, REBOOTED "B");
    assert_complaint(&side, NULL);
    assert_int_equal(side.vm.guest.serial.heard[MT_GUEST_PASS], 3);
    leave(&side);
}

/* One before it had begun finds the RAM of a fresh machine, and of two only the last shows. */
static void not_each_reset_shows(void **state)
{
    struct side side;

    (void)state;
    enter(&side, "source");
    reset(&side, false, "host-qmp-system-reset");
    say(&side, GREETING GREETING);
    reset(&side, false, "host-qmp-system-reset");
    reset(&side, false, "host-qmp-system-reset");
    say(&side, REBOOTED);
    assert_complaint(&side, NULL);
    leave(&side);
}

static void its_own_reset_is_told(void **state)
{
    struct side side;

    (void)state;
    enter(&side, "source");
    say(&side, GREETING);
    reset(&side, true, "guest-reset");
    assert_complaint(&side, "the guest on the source rebooted by itself: QEMU says RESET, reason "
                            "guest-reset");
    leave(&side);
}

/* After one that was asked for, firmware may reset the machine by itself; the guest may not. */
static void a_reset_of_firmware_is_none_of_the_guest(void **state)
{
    struct side side;

    (void)state;
    enter(&side, "source");
    say(&side, GREETING);
    reset(&side, false, "host-qmp-system-reset");
    reset(&side, true, "guest-reset");
    say(&side, REBOOTED);
    assert_complaint(&side, NULL);
    say(&side, REBOOTED);
    assert_complaint(&side,
                     "the guest on the source rebooted by itself: it started again, and QEMU says "
                     "no RESET");
    leave(&side);
}

/* One of SeaBIOS, too, which the guest comes back through. */
static void a_wake_may_have_a_reset(void **state)
{
    struct side side;

    (void)state;
    enter(&side, "source");
    say(&side, GREETING);
    mt_events_add(&side.vm.monitor.qmp.events, json_pack("{s:s}", "event", "WAKEUP"));
    reset(&side, true, "guest-reset");
    say(&side, WOKEN);
    assert_complaint(&side, NULL);
    leave(&side);
}

static void a_start_without_a_reset_is_told(void **state)
{
    struct side side;

    (void)state;
    enter(&side, "source");
    say(&side, GREETING REBOOTED);
    assert_complaint(&side,
                     "the guest on the source rebooted by itself: it started again, and QEMU says "
                     "no RESET");
    leave(&side);
}

static void a_wake_is_no_reboot(void **state)
{
    struct side side;

    (void)state;
    enter(&side, "source");
    say(&side, GREETING WOKEN WOKEN);
    assert_complaint(&side, NULL);
    leave(&side);
}

/* It was reset on the source, and begins again on the destination. */
static void a_reset_may_show_on_the_other_side(void **state)
{
    struct side source;
    struct side destination;

    (void)state;
    enter(&source, "source");
    enter(&destination, "destination");
    mt_vm_guest_may_come(&destination.vm, &source.vm);
    say(&source, GREETING);
    reset(&source, false, "host-qmp-system-reset");
    say(&destination, REBOOTED);
    assert_complaint(&destination, NULL);
    assert_complaint(&source, NULL);
    say(&destination, REBOOTED);
    assert_complaint(&destination,
                     "the guest on the destination rebooted by itself: it started again, and QEMU "
                     "says no RESET");
    leave(&source);
    leave(&destination);
}

/* Plays the guest: a reset takes the first question, and the second is answered. */
static pid_t answer_second_question(const struct side *side)
{
    char command[2] = "";
    char answer[] = MT_GUEST_MARK "K ?\n";
    pid_t guest = fork();

    if (guest == 0) {
        close(side->vm.guest.serial.fd);
        bool lost = recv(side->guest, command, 2, MSG_WAITALL) == 2 && command[0] == 'C' &&
                    write(side->guest, REBOOTED, strlen(REBOOTED)) > 0;
        bool again = lost && recv(side->guest, command, 2, MSG_WAITALL) == 2 && command[0] == 'C';
        answer[strlen(answer) - 2] = command[1];
        _exit(again && write(side->guest, answer, strlen(answer)) > 0 ? 0 : 1);
    }
    return guest;
}

static void a_question_that_a_reset_takes_is_asked_again(void **state)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    struct side side;

    (void)state;
    enter(&side, "source");
    say(&side, GREETING);
    reset(&side, false, "host-qmp-system-reset");
    side.vm.process.pid = answer_second_question(&side);
    assert_int_equal(mt_vm_guest_check(&side.vm, &error), 0);
    mt_process_end(&side.vm.process);
    leave(&side);
}

/* An answer to a question before is none to this one. */
static void an_answer_has_its_question(void **state)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    struct side side;

    (void)state;
    enter(&side, "source");
    side.vm.patience = 0.005;
    say(&side, GREETING MT_GUEST_MARK "K 0\n" MT_GUEST_MARK "K 7\n");
    assert_int_equal(mt_vm_guest_check(&side.vm, &error), -1);
    assert_non_null(strstr(mt_error_text(&error), "it did not come within 200 ms"));
    leave(&side);
}

static void what_is_no_guest_is_quoted(void **state)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    struct side side;

    (void)state;
    enter(&side, "qemu");
    side.vm.patience = 0.005;
    say(&side, "BdsDxe: loading Boot0001\r\n");
    assert_int_equal(mt_vm_guest_wait_passes(&side.vm, 1, "the first pass", &error), -1);
    assert_string_equal(mt_error_text(&error),
                        "the guest's serial line carries something else than migtest's guest: "
                        "\"BdsDxe: loading Boot0001\"; a firmware in args?: waiting for "
                        "the first pass (qemu): it did not come within 200 ms");
    leave(&side);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reset_starts_it_again),
        cmocka_unit_test(not_each_reset_shows),
        cmocka_unit_test(its_own_reset_is_told),
        cmocka_unit_test(a_reset_of_firmware_is_none_of_the_guest),
        cmocka_unit_test(a_wake_may_have_a_reset),
        cmocka_unit_test(a_start_without_a_reset_is_told),
        cmocka_unit_test(a_wake_is_no_reboot),
        cmocka_unit_test(a_reset_may_show_on_the_other_side),
        cmocka_unit_test(a_question_that_a_reset_takes_is_asked_again),
        cmocka_unit_test(an_answer_has_its_question),
        cmocka_unit_test(what_is_no_guest_is_quoted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
