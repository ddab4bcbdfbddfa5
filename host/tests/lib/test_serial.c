/* SPDX-License-Identifier: Apache-2.0 */
/* What the guest says is counted, and its complaints become sentences; noise is neither. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "lib/guest/serial.h"

#define GREETING MT_GUEST_MARK "A " MT_GUEST_VERSION "\n"

struct line {
    struct mt_serial serial;
    int guest;
};

static void enter(struct line *line)
{
    int ends[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    mt_serial_init(&line->serial, ends[0]);
    line->guest = ends[1];
}

static void leave(struct line *line)
{
    mt_serial_clear(&line->serial);
    close(line->guest);
}

static void put(const struct line *line, const char *said)
{
    assert_int_equal(write(line->guest, said, strlen(said)), (ssize_t)strlen(said));
}

static void say(struct line *line, const char *said)
{
    put(line, said);
    mt_serial_receive(&line->serial);
}

/* What the line complains of, "" when there is nothing. */
static const char *complaint(const struct line *line)
{
    static char text[256];
    MT_AUTO_ERROR struct mt_error error = {0};

    int result = mt_serial_complaint(&line->serial, &error);
    snprintf(text, sizeof(text), "%s", result < 0 ? mt_error_text(&error) : "");
    return text;
}

static const char *complaint_about(const char *said)
{
    struct line line;

    enter(&line);
    say(&line, GREETING);
    say(&line, said);
    const char *text = complaint(&line);
    leave(&line);
    return text;
}

static void words_are_counted(void **state)
{
    struct line line;

    (void)state;
    enter(&line);
    say(&line, GREETING "BB" MT_GUEST_MARK "K 3\nB" MT_GUEST_MARK "? f\n");
    assert_int_equal(line.serial.heard[MT_GUEST_STARTED], 1);
    assert_int_equal(line.serial.heard[MT_GUEST_PASS], 3);
    assert_int_equal(line.serial.done[3], 1);
    assert_int_equal(line.serial.done[2], 0);
    assert_int_equal(line.serial.unknown[15], 1);
    leave(&line);
}

/* A firmware's console has all letters in it, and so may what is left of another program's line. */
static void nothing_is_believed_before_the_greeting(void **state)
{
    struct line line;

    (void)state;
    enter(&line);
    say(&line,
        "\x1b[2J\x1b[01;01H\r\n BdsDxe: X\"R..\x1b[2J" MT_GUEST_MARK "R 00000001 00000002 cr4\nB");
    assert_false(line.serial.speech.greeted);
    assert_int_equal(line.serial.heard[MT_GUEST_PASS], 0);
    assert_int_equal(line.serial.beats.count, 0);
    assert_string_equal(complaint(&line), "");
    char *noise = mt_serial_quote_noise(&line.serial);
    assert_string_equal(noise, "BdsDxe: X'R..B");
    free(noise);
    say(&line, GREETING "B");
    assert_int_equal(line.serial.heard[MT_GUEST_PASS], 1);
    leave(&line);
}

static void a_complaint_needs_its_mark(void **state)
{
    (void)state;
    assert_string_equal(complaint_about("X02345678 00000000 00000010\nR 1 2 cr4\n"), "");
    assert_string_equal(complaint_about("\001migX\001\001migtes X 02345678\n"), "");
}

static void a_mark_may_begin_within_another(void **state)
{
    struct line line;

    (void)state;
    enter(&line);
    say(&line, GREETING "B\001mig" MT_GUEST_MARK "K 0\nB");
    assert_int_equal(line.serial.done[0], 1);
    assert_int_equal(line.serial.heard[MT_GUEST_PASS], 2);
    leave(&line);
}

static void another_version_is_told(void **state)
{
    (void)state;
    assert_non_null(strstr(complaint_about(MT_GUEST_MARK "A 77\n"), "speaks version 77"));
}

/* Between the last look that found nothing, and the one that found it. */
static void a_beat_has_its_moment(void **state)
{
    struct line line;

    (void)state;
    enter(&line);
    say(&line, GREETING);
    int64_t before_us = mt_now_us();
    say(&line, ".B");
    const struct mt_beats *beats = &line.serial.beats;
    assert_int_equal(beats->count, 1);
    assert_true(beats->first.after_us <= before_us);
    assert_true(beats->first.until_us >= before_us);
    assert_true(beats->first.until_us <= mt_now_us());
    leave(&line);
}

/* The guest was in the middle of a line when it was migrated, and the source was not read since. */
static void a_line_goes_on_where_the_guest_goes_on(void **state)
{
    struct line source;
    struct line destination;

    (void)state;
    enter(&source);
    enter(&destination);
    destination.serial.comes_from = &source.serial;
    say(&source, GREETING "B");
    put(&source, "B\001migtest R 31303230 000");
    say(&destination, "00000 dr6\nBB");
    assert_string_equal(complaint(&destination),
                        "the guest's register dr6 was 0x31303230 and is 0x00000000");
    assert_string_equal(complaint(&source), "");
    assert_int_equal(source.serial.heard[MT_GUEST_PASS], 2);
    assert_int_equal(destination.serial.heard[MT_GUEST_PASS], 2);
    assert_true(destination.serial.has_come);
    leave(&source);
    leave(&destination);
}

static void cpuid_is_kept(void **state)
{
    struct line line;

    (void)state;
    enter(&line);
    say(&line, GREETING MT_GUEST_MARK
        "I 00000001 00000000 00060fb1 00000800 80002001 078bfbfd\n" MT_GUEST_MARK
        "D 00000007 00000001 00000002 00000000 00000010\n" MT_GUEST_MARK "D 1 2\n");
    const struct mt_cpuid *cpuid = &line.serial.cpuid;
    assert_int_equal(mt_cpuid_word(cpuid, 1, 0, 2), 0x80002001);
    assert_int_equal(mt_cpuid_word(cpuid, 1, 1, 2), 0);
    assert_int_equal(cpuid->difference_count, 1);
    assert_int_equal(cpuid->differences[0].subleaf, 1);
    assert_int_equal(cpuid->differences[0].now, 0x10);
    leave(&line);
}

static void wrong_memory_is_told(void **state)
{
    (void)state;
    assert_string_equal(complaint_about("B" MT_GUEST_MARK "X 02345678 00000000 00000010\n"),
                        "the guest found its memory wrong: at address 0x02345678 it expected "
                        "0x00000000 and found 0x00000010");
}

static void a_wrong_register_is_told_by_name(void **state)
{
    (void)state;
    assert_string_equal(complaint_about("BB" MT_GUEST_MARK "R 31303230 00000000 ioapic 5 high\n"),
                        "the guest's register ioapic 5 high was 0x31303230 and is 0x00000000");
}

static void a_refused_register_is_told_by_name(void **state)
{
    (void)state;
    assert_string_equal(complaint_about(MT_GUEST_MARK "G msr 0xc0000082\n"),
                        "the CPU refuses the guest its register msr 0xc0000082, which it did not "
                        "when the guest started");
}

static void an_exception_is_told(void **state)
{
    (void)state;
    assert_string_equal(complaint_about(MT_GUEST_MARK "E 00000006 00000000 00012345\n"),
                        "the guest met exception 6 (#UD) of its CPU, error code 0x0, at address "
                        "0x00012345");
}

/* Letters of a name are no words of the guest's, and a second report does not change the first. */
static void a_report_is_read_whole(void **state)
{
    (void)state;
    assert_string_equal(complaint_about(MT_GUEST_MARK "R 00000001 00000002 XBARK\n" MT_GUEST_MARK
                                                      "X 00000000 00000000 00000000\n"),
                        "the guest's register XBARK was 0x00000001 and is 0x00000002");
    assert_string_equal(complaint_about(MT_GUEST_MARK "R 00000001 00000002 xm"), "");
}

static void a_garbled_report_is_quoted(void **state)
{
    (void)state;
    assert_non_null(strstr(complaint_about(MT_GUEST_MARK "R what\n"), "reported \"what\""));
    assert_non_null(
        strstr(complaint_about(MT_GUEST_MARK "R 00000001 00000002 \n"), "reported \"00000001"));
    assert_non_null(strstr(complaint_about(MT_GUEST_MARK "X 1 2\n"), "reported \"1 2\""));
    assert_non_null(strstr(complaint_about(MT_GUEST_MARK "E 1\n"), "reported \"1\""));
}

/* It ends where there is no more room for it. */
static void an_endless_report_is_cut(void **state)
{
    char said[400];
    static const char begin[] = MT_GUEST_MARK "R 00000001 00000002 ";

    (void)state;
    memset(said, 'a', sizeof(said) - 1);
    said[sizeof(said) - 1] = '\0';
    memcpy(said, begin, sizeof(begin) - 1);
    assert_non_null(strstr(complaint_about(said), "was 0x00000001"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_counted),
        cmocka_unit_test(nothing_is_believed_before_the_greeting),
        cmocka_unit_test(a_complaint_needs_its_mark),
        cmocka_unit_test(a_mark_may_begin_within_another),
        cmocka_unit_test(another_version_is_told),
        cmocka_unit_test(a_beat_has_its_moment),
        cmocka_unit_test(a_line_goes_on_where_the_guest_goes_on),
        cmocka_unit_test(cpuid_is_kept),
        cmocka_unit_test(wrong_memory_is_told),
        cmocka_unit_test(a_wrong_register_is_told_by_name),
        cmocka_unit_test(a_refused_register_is_told_by_name),
        cmocka_unit_test(an_exception_is_told),
        cmocka_unit_test(a_report_is_read_whole),
        cmocka_unit_test(a_garbled_report_is_quoted),
        cmocka_unit_test(an_endless_report_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
