/* SPDX-License-Identifier: Apache-2.0 */
/* What is written to a journal is read back, also from one that was cut off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/text.h"
#include "journal/reader.h"
#include "journal/writer.h"

struct seen {
    unsigned events;
    int unreadable;
    long torn_line;
    struct mt_event last;
};

static void take_event(void *data, const struct mt_event *event)
{
    struct seen *seen = data;

    seen->events++;
    mt_event_clear(&seen->last);
    mt_event_copy(event, &seen->last);
}

static void count_unreadable(void *data, long line, const char *why)
{
    struct seen *seen = data;

    (void)why;
    seen->unreadable++;
    seen->torn_line = line;
}

static int read_all(const char *path, struct seen *seen, struct mt_error *error)
{
    struct mt_journal_listener listener = {
        .data = seen, .event = take_event, .unreadable = count_unreadable};

    return mt_journal_read(path, &listener, error);
}

static void an_event_survives_the_journal(void **state)
{
    static const char path[] = "journal-round-trip.jsonl";
    struct mt_journal_writer writer;
    MT_AUTO_ERROR struct mt_error error = {0};
    struct seen seen = {0};
    struct mt_event event = {
        .kind = MT_EVENT_FINISHED,
        .time = 1800000000.125,
        .id = {.plugin = "precopy", .test = "precopy/unix/plain"},
        .outcome = "failed",
        .message = "line one\nline \"two\"",
        .output = "\x1b[31m\xff",
        .line = 42,
        .seconds = 0.25,
    };

    (void)state;
    unlink(path);
    assert_int_equal(mt_journal_open(&writer, path, &error), 0);
    assert_int_equal(mt_journal_write(&writer, &event, &error), 0);
    mt_journal_close(&writer);
    assert_int_equal(read_all(path, &seen, &error), 0);
    assert_int_equal(seen.events, 1);
    assert_int_equal(seen.last.kind, MT_EVENT_FINISHED);
    assert_string_equal(seen.last.message, event.message);
    assert_string_equal(seen.last.output, "\\x1b[31m\\xff");
    assert_int_equal(seen.last.line, 42);
    assert_true(seen.last.time > 1800000000.12 && seen.last.time < 1800000000.13);
    assert_null(seen.last.id.group);
    mt_event_clear(&seen.last);
    assert_int_equal(unlink(path), 0);
}

static void every_kind_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int kind = 0; kind < MT_EVENT_KINDS; kind++) {
        MT_AUTO_FREE char *line =
            mt_event_encode(&(struct mt_event){.kind = (enum mt_event_kind)kind,
                                               .id = {.plugin = "p", .test = "a"},
                                               .outcome = "passed"});
        MT_AUTO_ERROR struct mt_error error = {0};
        struct mt_event decoded;
        assert_int_equal(mt_event_decode(line, &decoded, &error), 0);
        assert_int_equal(decoded.kind, kind);
        mt_event_clear(&decoded);
    }
}

/* So that no reader has to look again. */
static void an_event_that_lacks_what_it_is_of_is_no_event(void **state)
{
    static const char *const lines[] = {
        "{\"kind\":\"started\",\"plugin\":\"p\"}",
        "{\"kind\":\"skipped\",\"test\":\"a\"}",
        "{\"kind\":\"finished\",\"plugin\":\"p\",\"test\":\"a\"}",
        "{\"kind\":\"finished\",\"plugin\":\"p\",\"test\":\"a\",\"outcome\":\"fine\"}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        MT_AUTO_ERROR struct mt_error error = {0};
        struct mt_event decoded;
        assert_int_equal(mt_event_decode(lines[i], &decoded, &error), -1);
    }
}

static void torn_and_foreign_lines_are_passed_over(void **state)
{
    static const char path[] = "journal-torn.jsonl";
    static const char text[] = "{\"kind\":\"planned\",\"plugin\":\"p\",\"test\":\"a\"}\n"
                               "{\"kind\":\"from-the-future\"}\n"
                               "{\"kind\":\"planned\",\"te";
    MT_AUTO_ERROR struct mt_error error = {0};
    struct seen seen = {0};

    (void)state;
    assert_int_equal(mt_file_write(path, text, strlen(text), &error), 0);
    assert_int_equal(read_all(path, &seen, &error), 0);
    assert_int_equal(seen.events, 1);
    assert_int_equal(seen.unreadable, 1);
    assert_int_equal(seen.torn_line, 3);
    mt_event_clear(&seen.last);
    assert_int_equal(unlink(path), 0);
}

/* What a killed run left of its last line does not spoil the first of the run that goes on. */
static void a_torn_line_is_ended_before_more_is_written(void **state)
{
    static const char path[] = "journal-goes-on.jsonl";
    static const char text[] =
        "{\"kind\":\"planned\",\"plugin\":\"p\",\"test\":\"a\"}\n{\"kind\":\"pla";
    struct mt_journal_writer writer;
    MT_AUTO_ERROR struct mt_error error = {0};
    struct seen seen = {0};

    (void)state;
    assert_int_equal(mt_file_write(path, text, strlen(text), &error), 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(mt_journal_open(&writer, path, &error), 0);
        assert_int_equal(
            mt_journal_write(&writer, &(struct mt_event){.kind = MT_EVENT_WARNING}, &error), 0);
        mt_journal_close(&writer);
    }
    assert_int_equal(read_all(path, &seen, &error), 0);
    assert_int_equal(seen.events, 3);
    assert_int_equal(seen.unreadable, 1);
    mt_event_clear(&seen.last);
    assert_int_equal(unlink(path), 0);
}

static void another_format_is_refused(void **state)
{
    static const char path[] = "journal-format.jsonl";
    static const char text[] = "{\"kind\":\"run-started\",\"format\":99}\n";
    MT_AUTO_ERROR struct mt_error error = {0};
    struct seen seen = {0};

    (void)state;
    assert_int_equal(mt_file_write(path, text, strlen(text), &error), 0);
    assert_int_equal(read_all(path, &seen, &error), -1);
    assert_non_null(strstr(mt_error_text(&error), "has format 99, expected 1"));
    assert_int_equal(unlink(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_survives_the_journal),
        cmocka_unit_test(every_kind_has_a_name_of_its_own),
        cmocka_unit_test(an_event_that_lacks_what_it_is_of_is_no_event),
        cmocka_unit_test(torn_and_foreign_lines_are_passed_over),
        cmocka_unit_test(a_torn_line_is_ended_before_more_is_written),
        cmocka_unit_test(another_format_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
