/* SPDX-License-Identifier: Apache-2.0 */
/* The device state: a dump is cut into sections, a section into fields, and differences have names.
 */
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

/* The 0 byte at the end of the text is also the end of the stream. */
#define STREAM(text) (text), sizeof(text)

static int parse(const char *stream, size_t size, struct mt_sections *ret_sections,
                 struct mt_error *error)
{
    char *copy = mt_alloc(size, 1);

    memcpy(copy, stream, size);
    return mt_sections_parse(copy, size, ret_sections, error);
}

/* The content of the first section looks like its own footer, but no section follows there. */
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

/* A number, an array of two equal elements, a structure twice, a subsection, and a buffer. */
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

static struct mt_section section_of(const char *bytes, size_t size)
{
    return (struct mt_section){
        .name = "pic", .instance = 1, .bytes = (const unsigned char *)bytes, .size = size};
}

static json_t *parse_description(const char *single_quoted)
{
    MT_AUTO_FREE char *text = mt_text_copy(single_quoted);

    for (char *at = text; *at != '\0'; at++) {
        *at = *at == '\'' ? '"' : *at;
    }
    json_t *json = json_loads(text, 0, NULL);
    assert_non_null(json);
    return json;
}

static json_t *described(void)
{
    return parse_description(description);
}

static void fields_have_paths_and_places(void **state)
{
    static const struct {
        const char *path;
        size_t offset;
    } expected[] = {{"mode", 0},        {"irq[0]", 1}, {"irq[1]", 3},
                    {"timer[3].on", 5}, {"ram", 6},    {"ext.x", 29}};
    json_t *json = described();
    const struct mt_section section = section_of(section_bytes, SECTION_SIZE);
    struct mt_fields fields;
    MT_AUTO_ERROR struct mt_error error = {0};

    (void)state;
    assert_int_equal(mt_fields_lay_out(json, &section, &fields, &error), 0);
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
    const struct mt_section section = section_of(section_bytes, SECTION_SIZE + 1);
    struct mt_fields fields;
    MT_AUTO_ERROR struct mt_error error = {0};

    (void)state;
    assert_int_equal(mt_fields_lay_out(json, &section, &fields, &error), -1);
    assert_string_equal(mt_error_text(&error), "the description covers 30 bytes of 31");
    json_decref(json);
}

static void expect_difference(size_t at, char byte, const json_t *json, const char *field,
                              uint64_t distance, const char *text)
{
    char changed[SECTION_SIZE];
    struct mt_state_differences differences = {0};

    memcpy(changed, section_bytes, sizeof(changed));
    changed[at] = byte;
    struct mt_section source = section_of(section_bytes, SECTION_SIZE);
    struct mt_section destination = section_of(changed, SECTION_SIZE);
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

static void without_names_the_place_is_shown(void **state)
{
    (void)state;
    expect_difference(4, 9, NULL, NULL, UINT64_MAX,
                      "pic#1: 30 bytes on the source and 30 on the destination; at byte 4 source "
                      "0x03, destination 0x09 (QEMU has not said what its fields are)");
}

/* Two versions of a section: each side has its own bytes and its own description. */
struct versions {
    const char *source;
    size_t source_size;
    const char *source_description;
    const char *destination;
    size_t destination_size;
    const char *destination_description;
    enum mt_state_difference_kind kind;
    const char *difference; /* NULL: none */
};

#define BYTES(text) (text), sizeof(text) - 1
#define U8(name) "{'name': '" name "', 'type': 'uint8', 'size': 1}"
#define FIELDS(list) "{'fields': [" list "]}"
#define WITH_SUBSECTION(list, name, inner)                                                         \
    "{'fields': [" list "], 'subsections': [{'vmsd_name': '" name "', 'fields': [" inner "]}]}"
#define MARK(size, name) "\5" size name "\0\0\0\1"
#define OPAQUE(size) "{'fields': [{'name': 'virtio', 'type': 'virtio', 'size': " size "}]}"

static void two_layouts_are_compared_by_names(void **state)
{
    static const struct versions cases[] = {
        {BYTES("\1\2"), FIELDS(U8("a") "," U8("b")), BYTES("\1\2"), FIELDS(U8("a") "," U8("b")),
         MT_OTHER_VALUE, NULL},
        {BYTES("\1\2"), FIELDS(U8("a") "," U8("b")), BYTES("\2\1"), FIELDS(U8("b") "," U8("a")),
         MT_OTHER_VALUE, NULL},
        {BYTES("\1\2"), FIELDS(U8("a") "," U8("b")), BYTES("\1\6\2"),
         FIELDS(U8("a") "," U8("new") "," U8("b")), MT_ONLY_DESTINATION,
         "pic#1.new: only the destination has this field"},
        {BYTES("\1\2\3"), FIELDS(U8("a") "," U8("parent.b") "," U8("c")), BYTES("\1\2\3"),
         FIELDS(U8("a") "," U8("common.b") "," U8("c")), MT_OTHER_VALUE, NULL},
        {BYTES("\1\2\3"), FIELDS(U8("a") "," U8("parent.b") "," U8("c")), BYTES("\1\7\3"),
         FIELDS(U8("a") "," U8("common.b") "," U8("c")), MT_OTHER_VALUE,
         "pic#1.parent.b: source 0x02, destination 0x07"},
        {BYTES("\1\2\3"), FIELDS(U8("a") "," U8("timer") "," U8("c")), BYTES("\1\0\3"),
         FIELDS(U8("a") "," U8("unused") "," U8("c")), MT_ONLY_SOURCE,
         "pic#1.timer: only the source has this field"},
        {BYTES("\1"), FIELDS(U8("a")), BYTES("\1" MARK("\5", "pic/x") "\2\3"),
         WITH_SUBSECTION(U8("a"), "pic/x", U8("b") "," U8("c")), MT_ONLY_DESTINATION,
         "pic#1.x: only the destination has this subsection"},
        {BYTES("\1" MARK("\5", "pic/x") "\2\3"),
         WITH_SUBSECTION(U8("a"), "pic/x", U8("b") "," U8("c")), BYTES("\1"), FIELDS(U8("a")),
         MT_ONLY_SOURCE, "pic#1.x: only the source has this subsection"},
        {BYTES("\1\2" MARK("\10", "virtio/x") "\3"), OPAQUE("17"),
         BYTES("\1\2" MARK("\11", "virtio/rs") "\4" MARK("\10", "virtio/x") "\3"), OPAQUE("33"),
         MT_ONLY_DESTINATION, "pic#1.virtio/rs: only the destination has this subsection"},
        {BYTES("\1\2\3" MARK("\10", "virtio/x") "\3"), OPAQUE("18"),
         BYTES("\1\2" MARK("\10", "virtio/x") "\3"), OPAQUE("17"), MT_OTHER_SIZE,
         "pic#1.virtio: 3 bytes on the source and 2 on the destination"},
        {BYTES("\1\2" MARK("\10", "virtio/x") "\3"), OPAQUE("17"),
         BYTES("\1\2" MARK("\10", "virtio/x") "\4"), OPAQUE("17"), MT_OTHER_VALUE,
         "pic#1.virtio/x: source 0x03, destination 0x04"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct mt_section source = section_of(cases[i].source, cases[i].source_size);
        const struct mt_section destination =
            section_of(cases[i].destination, cases[i].destination_size);
        json_t *ours = parse_description(cases[i].source_description);
        json_t *theirs = parse_description(cases[i].destination_description);
        struct mt_state_differences differences = {0};
        mt_state_differences_find(&differences, &source, ours, &destination, theirs);
        for (size_t j = 0; j < differences.count; j++) {
            print_message("%zu: %s\n", i, differences.items[j].text);
        }
        assert_int_equal(differences.count, cases[i].difference != NULL ? 1 : 0);
        if (cases[i].difference != NULL) {
            assert_string_equal(differences.items[0].text, cases[i].difference);
            assert_int_equal(differences.items[0].kind, cases[i].kind);
            assert_int_equal(differences.items[0].mark != NULL &&
                                 mt_section_has_mark(&destination, differences.items[0].mark),
                             differences.items[0].is_subsection &&
                                 cases[i].kind == MT_ONLY_DESTINATION);
        }
        mt_state_differences_clear(&differences);
        json_decref(ours);
        json_decref(theirs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sections_end_where_the_next_begins),
        cmocka_unit_test(a_broken_stream_is_an_error),
        cmocka_unit_test(fields_have_paths_and_places),
        cmocka_unit_test(a_description_that_does_not_fit_is_refused),
        cmocka_unit_test(a_difference_names_section_field_and_both_values),
        cmocka_unit_test(without_names_the_place_is_shown),
        cmocka_unit_test(two_layouts_are_compared_by_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
