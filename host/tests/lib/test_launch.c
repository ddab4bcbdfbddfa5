/* SPDX-License-Identifier: Apache-2.0 */
/* What is started for a machine: the program, its arguments in their order, and its environment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "lib/vm/command_line.h"

static const char *const environment[] = {"NAME=value", NULL};
static const char *const side_args[] = {"-m", "side", NULL};
static const char *const machine_args[] = {"-m", "machine", NULL};
static const char *const test_args[] = {"-m", "test", NULL};

static const struct mt_qemu_config qemu = {
    .binary = "/opt/qemu", .args = side_args, .environment = environment};

static const struct mt_machine_config machine = {
    .type = "q35",
    .accel = "tcg",
    .cpu = "qemu64",
    .smp = 1,
    .ram = 150 << 20,
    .memory_backend = "file",
    .firmware = "none",
    .devices = "machine",
    .args = machine_args,
    .guest_folder = "/guest",
};

/* The whole command as one line. The caller frees it. */
static char *line_of(const struct mt_launch *launch)
{
    char *line = NULL;

    for (size_t i = 0; i < launch->command.count; i++) {
        mt_text_append_item(&line, " ", "%s", launch->command.items[i]);
    }
    return line;
}

static void a_machine_has_monitor_and_serial_line(void **state)
{
    const struct mt_command_line line = {
        .qemu = &qemu, .machine = &machine, .side = "source", .memory_path = "/ram"};
    struct mt_launch launch = mt_command_line_launch(&line);
    MT_AUTO_FREE char *text = line_of(&launch);

    (void)state;
    assert_string_equal(launch.command.items[0], "/opt/qemu");
    assert_non_null(strstr(text, " socket,id=qmp,fd=3 -qmp chardev:qmp "));
    assert_non_null(strstr(text, " socket,id=serial,fd=4 -serial chardev:serial"));
    assert_non_null(strstr(text, "size=157286400,mem-path=/ram,share=on"));
    assert_null(strstr(text, "-incoming"));
    assert_ptr_equal(launch.environment, environment);
    assert_string_equal(launch.accel, "tcg");
    assert_string_equal(launch.machine, "q35");
    mt_strings_clear(&launch.command);
}

static void a_destination_waits_for_its_migration(void **state)
{
    const struct mt_command_line line = {.qemu = &qemu,
                                         .machine = &machine,
                                         .side = "destination",
                                         .incoming = true,
                                         .hold = true,
                                         .dirty_ring = 4096,
                                         .memory_path = "/ram"};
    struct mt_launch launch = mt_command_line_launch(&line);
    MT_AUTO_FREE char *text = line_of(&launch);

    (void)state;
    assert_non_null(strstr(text, " -incoming defer -S "));
    assert_non_null(strstr(text, " -accel tcg,dirty-ring-size=4096 "));
    mt_strings_clear(&launch.command);
}

/* QEMU takes the last of several options, and the arguments of a side are to win. */
static void the_arguments_of_a_side_come_last(void **state)
{
    const struct mt_command_line line = {.qemu = &qemu,
                                         .machine = &machine,
                                         .side = "source",
                                         .memory_path = "/ram",
                                         .args = test_args};
    struct mt_launch launch = mt_command_line_launch(&line);
    MT_AUTO_FREE char *text = line_of(&launch);
    const char *end = " -m machine -m test -m side";

    (void)state;
    assert_string_equal(text + strlen(text) - strlen(end), end);
    mt_strings_clear(&launch.command);
}

static void a_bare_qemu_has_only_a_monitor(void **state)
{
    struct mt_launch launch = mt_command_line_launch_bare(&qemu);
    MT_AUTO_FREE char *text = line_of(&launch);

    (void)state;
    assert_string_equal(text, "/opt/qemu -no-user-config -nodefaults -display none -machine none "
                              "-chardev socket,id=qmp,fd=3 -qmp chardev:qmp");
    assert_ptr_equal(launch.environment, environment);
    mt_strings_clear(&launch.command);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_machine_has_monitor_and_serial_line),
        cmocka_unit_test(a_destination_waits_for_its_migration),
        cmocka_unit_test(the_arguments_of_a_side_come_last),
        cmocka_unit_test(a_bare_qemu_has_only_a_monitor),
    };

    return cmocka_run_group_tests_name("launch", tests, NULL, NULL);
}
