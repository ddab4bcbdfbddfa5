/* SPDX-License-Identifier: Apache-2.0 */
/* Structs of plugins that were built with older and with newer headers than this migtest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/api/known.h"

#include <migtest/migration.h>

static const struct mt_layout migration_layout = MT_LAYOUT(struct mt_migration);

static void expect_refused(const void *theirs, const char *why)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    struct mt_migration ours;

    assert_int_equal(mt_take_known("mt_migration", theirs, &ours, migration_layout, &error), -1);
    assert_non_null(strstr(mt_error_text(&error), why));
}

static void what_an_older_plugin_lacks_is_zero(void **state)
{
    struct mt_migration theirs = {.transport = MT_TCP, .live = true};
    struct mt_migration ours;
    MT_AUTO_ERROR struct mt_error error = {0};

    (void)state;
    theirs.size = offsetof(struct mt_migration, live);
    assert_int_equal(mt_take_known("mt_migration", &theirs, &ours, migration_layout, &error), 0);
    assert_int_equal(ours.size, sizeof(ours));
    assert_int_equal(ours.transport, MT_TCP);
    assert_false(ours.live);
}

static void what_a_newer_plugin_leaves_alone_is_no_matter(void **state)
{
    struct {
        struct mt_migration known;
        uint64_t later;
    } theirs = {.known = {.size = sizeof(theirs), .live = true}};
    struct mt_migration ours;
    MT_AUTO_ERROR struct mt_error error = {0};

    (void)state;
    assert_int_equal(mt_take_known("mt_migration", &theirs, &ours, migration_layout, &error), 0);
    assert_true(ours.live);
    theirs.later = 1;
    expect_refused(&theirs, "a member of struct mt_migration is used that this migtest");
}

static void a_member_in_each_reserved_byte_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < migration_layout.reserved_size; i++) {
        struct mt_migration theirs = {.size = sizeof(theirs)};
        theirs.reserved[i] = 1;
        expect_refused(&theirs, "a member of struct mt_migration is used that this migtest");
    }
}

/* Such a plugin's reserved bytes may end before ours do; what lies behind is not its own. */
static void nothing_behind_a_struct_is_read(void **state)
{
    struct mt_migration theirs;
    struct mt_migration ours;
    MT_AUTO_ERROR struct mt_error error = {0};

    (void)state;
    memset(&theirs, 0xff, sizeof(theirs));
    memset(&theirs, 0, migration_layout.reserved_offset);
    theirs.size = migration_layout.reserved_offset;
    assert_int_equal(mt_take_known("mt_migration", &theirs, &ours, migration_layout, &error), 0);
}

static void a_struct_without_its_size_is_refused(void **state)
{
    (void)state;
    expect_refused(&(struct mt_migration){.live = true}, "has no size");
    expect_refused(NULL, "there is none");
}

static __attribute__((noinline)) void spoil_stack(int value)
{
    volatile unsigned char stack[8192];

    for (size_t i = 0; i < sizeof(stack); i++) {
        stack[i] = (unsigned char)value;
    }
}

/* With every member set, a compiler may store member by member, and leave what is between. */
static __attribute__((noinline)) void copy_of_literal(unsigned value, unsigned char *ret_bytes)
{
    const struct mt_migration *literal =
        MT_MIGRATION(.fd_name = (const char *)ret_bytes, .limits = NULL, .multifd = NULL,
                     .transport = value, .live = value, .pause = value, .self_start = value,
                     .as_channels = value, .relay = value);

    memcpy(ret_bytes, literal, sizeof(*literal));
}

static void no_byte_of_a_literal_is_left_from_the_stack(void **state)
{
    static unsigned char bytes[sizeof(struct mt_migration)];
    unsigned char first[sizeof(bytes)];
    volatile unsigned value = 1;

    (void)state;
    spoil_stack(0x55);
    copy_of_literal(value, bytes);
    memcpy(first, bytes, sizeof(bytes));
    spoil_stack(0xaa);
    copy_of_literal(value, bytes);
    assert_memory_equal(bytes, first, sizeof(bytes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_an_older_plugin_lacks_is_zero),
        cmocka_unit_test(what_a_newer_plugin_leaves_alone_is_no_matter),
        cmocka_unit_test(a_member_in_each_reserved_byte_is_refused),
        cmocka_unit_test(nothing_behind_a_struct_is_read),
        cmocka_unit_test(a_struct_without_its_size_is_refused),
        cmocka_unit_test(no_byte_of_a_literal_is_left_from_the_stack),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
