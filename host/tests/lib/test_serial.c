/* SPDX-License-Identifier: Apache-2.0 */
/* What the guest says is counted, and its reports become sentences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "guest/contract.h"
#include "lib/vm/serial.h"

/* Hears the text, and returns what the complaint is, "" when there is none. */
static const char *complaint_about(const char *said)
{
    static char complaint[256];
    struct mt_serial serial;
    struct mt_error error = {0};
    int ends[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    mt_serial_init(&serial, ends[0]);
    assert_int_equal(write(ends[1], said, strlen(said)), (ssize_t)strlen(said));
    mt_serial_receive(&serial);
    int result = mt_serial_complaint(&serial, &error);
    snprintf(complaint, sizeof(complaint), "%s", result < 0 ? mt_error_text(&error) : "");
    mt_error_clear(&error);
    mt_serial_clear(&serial);
    close(ends[1]);
    return complaint;
}

static void bytes_are_counted(void **state)
{
    struct mt_serial serial;
    int ends[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    mt_serial_init(&serial, ends[0]);
    assert_int_equal(write(ends[1], "ABBKB", 5), 5);
    mt_serial_receive(&serial);
    assert_int_equal(serial.heard[MT_GUEST_STARTED], 1);
    assert_int_equal(serial.heard[MT_GUEST_PASS], 3);
    assert_int_equal(serial.heard[MT_GUEST_CHECKED], 1);
    mt_serial_clear(&serial);
    close(ends[1]);
}

/* Between the last look that found nothing, and the one that found it. */
static void a_beat_has_its_moment(void **state)
{
    struct mt_serial serial;
    int ends[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    mt_serial_init(&serial, ends[0]);
    mt_serial_receive(&serial);
    int64_t before_us = mt_now_us();
    assert_int_equal(write(ends[1], ".B", 2), 2);
    mt_serial_receive(&serial);
    assert_int_equal(serial.beats.count, 1);
    assert_true(serial.beats.first.after_us <= before_us);
    assert_true(serial.beats.first.until_us >= before_us);
    assert_true(serial.beats.first.until_us <= mt_now_us());
    mt_serial_clear(&serial);
    close(ends[1]);
}

static void wrong_memory_is_told(void **state)
{
    (void)state;
    assert_string_equal(complaint_about("BX02345678 00000000 00000010\n"),
                        "the guest found its memory wrong: at address 0x02345678 it expected "
                        "0x00000000 and found 0x00000010");
}

static void a_wrong_register_is_told_by_name(void **state)
{
    (void)state;
    assert_string_equal(complaint_about("BBR31303230 00000000 ioapic 5 high\n"),
                        "the guest's register ioapic 5 high was 0x31303230 and is 0x00000000");
}

/* Letters of a name are no words of the guest's, and a second report does not change the first. */
static void a_report_is_read_whole(void **state)
{
    (void)state;
    assert_string_equal(complaint_about("R00000001 00000002 XBARK\nX00000000 00000000 00000000\n"),
                        "the guest's register XBARK was 0x00000001 and is 0x00000002");
    assert_string_equal(complaint_about("R00000001 00000002 xm"), "");
}

static void a_garbled_report_is_quoted(void **state)
{
    (void)state;
    assert_non_null(strstr(complaint_about("Rwhat\n"), "reported \"what\""));
    assert_non_null(strstr(complaint_about("R00000001 00000002 \n"), "reported \"00000001"));
    assert_non_null(strstr(complaint_about("X1 2\n"), "reported \"1 2\""));
}

/* It ends where there is no more room for it. */
static void an_endless_report_is_cut(void **state)
{
    char said[400];

    (void)state;
    memset(said, 'a', sizeof(said) - 1);
    said[sizeof(said) - 1] = '\0';
    memcpy(said, "R00000001 00000002 ", 19);
    assert_non_null(strstr(complaint_about(said), "was 0x00000001"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_counted),
        cmocka_unit_test(a_beat_has_its_moment),
        cmocka_unit_test(wrong_memory_is_told),
        cmocka_unit_test(a_wrong_register_is_told_by_name),
        cmocka_unit_test(a_report_is_read_whole),
        cmocka_unit_test(a_garbled_report_is_quoted),
        cmocka_unit_test(an_endless_report_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
