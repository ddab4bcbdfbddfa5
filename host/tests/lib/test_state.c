/* SPDX-License-Identifier: Apache-2.0 */
/* Device state: a dump is cut into sections, these into fields, and differences are named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "lib/state/differences.h"
#include "lib/state/fields.h"
#include "lib/state/sections.h"

#define HEADER "QEVM\0\0\0\3"
#define SECTION(id, name_size, name, instance)                                                     \
    "\4\0\0\0" id name_size name "\0\0\0" instance "\0\0\0\1"
#define FOOTER(id) "\x7e\0\0\0" id

/* The 0 that ends the text ends the stream, too. */
#define STREAM(text) (text), sizeof(text)

static int parse(const char *stream, size_t size, struct mt_sections *ret_sections,
                 struct mt_error *error)
{
    char *copy = mt_alloc(size, 1);

    memcpy(copy, stream, size);
    return mt_sections_parse(copy, size, ret_sections, error);
}

/* The content of the first looks like its own footer; what follows tells that it is none. */
static void sections_end_where_the_next_begins(void **state)
{
    static const char stream[] =
        HEADER SECTION("\1", "\3", "pic", "\0") "AB" FOOTER("\1") "CD" FOOTER("\1")
            SECTION("\2", "\3", "pic", "\1") "EF" FOOTER("\2");
    struct mt_sections sections;
    MT_AUTO_ERROR struct mt_error error = {0};

    (void)state;
    assert_int_equal(parse(stream, sizeof(stream), &sections, &error), 0);
    assert_int_equal(sections.count, 2);
    assert_int_equal(sections.items[0].size, 9);
    assert_memory_equal(sections.items[0].bytes, "AB\x7e\0\0\0\1CD", 9);
    const struct mt_section *second = mt_sections_find(&sections, "pic", 1);
    assert_non_null(second);
    assert_memory_equal(second->bytes, "EF", 2);
    assert_null(mt_sections_find(&sections, "pic", 2));
    mt_sections_clear(&sections);
}

static void a_broken_stream_is_an_error(void **state)
{
    static const struct {
        const char *stream;
        size_t size;
        const char *message;
    } cases[] = {
        {STREAM(""), "the device state does not begin as a stream of version 3"},
        {STREAM("QEVM\0\0\0\2"), "the device state does not begin as a stream of version 3"},
        {STREAM(HEADER "\5"), "no section begins at offset 8 of the device state"},
        {STREAM(HEADER SECTION("\1", "\3", "pic", "\0") "AB"),
         "section pic of the device state has no end"},
        {STREAM(HEADER SECTION("\1", "\3", "p\1c", "\0") "AB" FOOTER("\1")),
         "no section begins at offset 8 of the device state"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct mt_sections sections;
        MT_AUTO_ERROR struct mt_error error = {0};
        assert_int_equal(parse(cases[i].stream, cases[i].size, &sections, &error), -1);
        assert_string_equal(mt_error_text(&error), cases[i].message);
    }
}

/* A number, an array of two alike, a structure that stands twice, a subsection, and a buffer. */
static const char description[] =
    "{'vmsd_name': 'pic', 'fields': ["
    " {'name': 'mode', 'type': 'uint8', 'size': 1},"
    " {'name': 'irq', 'array_len': 2, 'type': 'uint16', 'size': 2},"
    " {'name': 'timer', 'index': 3, 'type': 'struct', 'size': 1,"
    "  'struct': {'fields': [{'name': 'on', 'type': 'bool', 'size': 1}]}},"
    " {'name': 'ram', 'type': 'buffer', 'size': 10}],"
    " 'subsections': [{'vmsd_name': 'pic/ext', 'fields': [{'name': 'x', 'type': 'u8', 'size': "
    "1}]}]}";

static const char section_bytes[] = "\1\0\2\0\3\4"
                                    "0123456789"
                                    "\5\7pic/ext\0\0\0\1"
                                    "\6";
enum { SECTION_SIZE = sizeof(section_bytes) - 1 };

static json_t *described(void)
{
    MT_AUTO_FREE char *text = mt_text_copy(description);

    for (char *at = text; *at != '\0'; at++) {
        *at = *at == '\'' ? '"' : *at;
    }
    return json_loads(text, 0, NULL);
}

static void fields_have_paths_and_places(void **state)
{
    static const struct {
        const char *path;
        size_t offset;
    } expected[] = {{"mode", 0},        {"irq[0]", 1}, {"irq[1]", 3},
                    {"timer[3].on", 5}, {"ram", 6},    {"ext.x", 29}};
    json_t *json = described();
    struct mt_fields fields;
    MT_AUTO_ERROR struct mt_error error = {0};

    (void)state;
    assert_int_equal(mt_fields_lay_out(json, SECTION_SIZE, &fields, &error), 0);
    assert_int_equal(fields.count, sizeof(expected) / sizeof(expected[0]));
    for (size_t i = 0; i < fields.count; i++) {
        assert_string_equal(fields.items[i].path, expected[i].path);
        assert_int_equal(fields.items[i].offset, expected[i].offset);
    }
    mt_fields_clear(&fields);
    json_decref(json);
}

static void a_description_that_does_not_fit_is_refused(void **state)
{
    json_t *json = described();
    struct mt_fields fields;
    MT_AUTO_ERROR struct mt_error error = {0};

    (void)state;
    assert_int_equal(mt_fields_lay_out(json, SECTION_SIZE + 1, &fields, &error), -1);
    assert_string_equal(mt_error_text(&error), "the description covers 30 bytes of 31");
    json_decref(json);
}

static struct mt_section section_of(const char *bytes)
{
    return (struct mt_section){
        .name = "pic", .instance = 1, .bytes = (const unsigned char *)bytes, .size = SECTION_SIZE};
}

static void expect_difference(size_t at, char byte, const json_t *json, const char *field,
                              uint64_t distance, const char *text)
{
    char changed[SECTION_SIZE];
    struct mt_state_differences differences = {0};

    memcpy(changed, section_bytes, sizeof(changed));
    changed[at] = byte;
    struct mt_section source = section_of(section_bytes);
    struct mt_section destination = section_of(changed);
    mt_state_differences_find(&differences, &source, json, &destination, json);
    assert_int_equal(differences.count, 1);
    assert_string_equal(differences.items[0].text, text);
    assert_int_equal(differences.items[0].distance, distance);
    assert_int_equal(differences.items[0].source_is_greater,
                     distance != UINT64_MAX && section_bytes[at] > byte);
    if (field != NULL) {
        assert_string_equal(differences.items[0].field, field);
    } else {
        assert_null(differences.items[0].field);
    }
    mt_state_differences_clear(&differences);
}

static void a_difference_names_section_field_and_both_values(void **state)
{
    json_t *json = described();

    (void)state;
    expect_difference(4, 9, json, "irq[1]", 6, "pic#1.irq[1]: source 0x0003, destination 0x0009");
    expect_difference(10, 'x', json, "ram", UINT64_MAX,
                      "pic#1.ram[4]: source 0x34, destination 0x78");
    expect_difference(29, 0, json, "ext.x", 6, "pic#1.ext.x: source 0x06, destination 0x00");
    json_decref(json);
}

static void without_names_the_place_is_said(void **state)
{
    (void)state;
    expect_difference(4, 9, NULL, NULL, UINT64_MAX,
                      "pic#1: 30 bytes on the source and 30 on the destination; at byte 4 source "
                      "0x03, destination 0x09");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sections_end_where_the_next_begins),
        cmocka_unit_test(a_broken_stream_is_an_error),
        cmocka_unit_test(fields_have_paths_and_places),
        cmocka_unit_test(a_description_that_does_not_fit_is_refused),
        cmocka_unit_test(a_difference_names_section_field_and_both_values),
        cmocka_unit_test(without_names_the_place_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
