/* SPDX-License-Identifier: Apache-2.0 */
/* What two QEMUs show of themselves is compared by names and values, also between versions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "lib/verify/view_text.h"
#include "lib/verify/view_values.h"

/* The first difference as text; NULL: there is none. */
static char *first_difference(const char *command, const char *source, const char *destination)
{
    json_t *ours = mt_view_text_parse(command, source);
    json_t *theirs = mt_view_text_parse(command, destination);
    json_t *differences = mt_view_compare(ours, theirs, NULL);
    void *first = json_object_iter(differences);
    char *text = first == NULL ? NULL
                               : mt_view_difference_text(json_object_iter_key(first),
                                                         json_object_iter_value(first));

    json_decref(differences);
    json_decref(ours);
    json_decref(theirs);
    return text;
}

/* QEMU 5.2, 7.2, 10.0 and 11.1 show the same state in these different ways. */
static void layout_and_wording_do_not_count(void **state)
{
    static const struct {
        const char *command;
        const char *source;
        const char *destination;
    } cases[] = {
        {"info registers -a", "\r\nCPU#0\r\nEAX=1\r\nXMM00=31603233315032323140323131303230\r\n",
         "CPU#0\nEAX=1\nXMM00=3160323331503232 3140323131303230\n"},
        {"info registers -a", "CPU#0\nFPR0=d493731454837313 4003 FPR1=d594741555847414 4004\n",
         "CPU#0\nFPR0=d493731454837313 4003\nFPR1=d594741555847414 4004\n"},
        {"info lapic", "ICR2\t 0x03000000 cpu 3 (APIC ID)\n",
         "ICR2\t 0x03000000 cpu 50331648 (X2APIC ID)\n"},
        {"info pic", "pic0: irr=01\r\npic1: irr=00\r\n", "pic1: irr=00\r\npic0: irr=01\r\n"},
        {"info pci",
         "  Bus  0, device   1, function 0:\n BAR0: I/O at 0xffffffffffffffff [0x1e].\n",
         "  Bus  0, device   1, function 0:\n      BAR0: I/O (not mapped)\n"},
        {"info pci", "BAR1: 32 bit memory at 0xd0020000 [0xd003ffff].\n",
         "BAR1: 32 bit memory at 0xd0020000 [0xd003ffff]\n"},
        {"info pic", "", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        MT_AUTO_FREE char *found =
            first_difference(cases[i].command, cases[i].source, cases[i].destination);
        if (found != NULL) {
            fail_msg("%s", found);
        }
    }
}

static void a_value_that_differs_is_named(void **state)
{
    static const struct {
        const char *command;
        const char *source;
        const char *destination;
        const char *difference;
    } cases[] = {
        {"info registers -a", "CPU#0\nEAX=00000001 EBX=00000002\n",
         "CPU#0\nEAX=00000001 EBX=00000003\n", "CPU#0.EBX: source \"2\", destination \"3\""},
        {"info registers -a", "CPU#0\nEAX=1\nCPU#1\nEAX=2\n", "CPU#0\nEAX=2\nCPU#1\nEAX=1\n",
         "CPU#0.EAX: source \"1\", destination \"2\""},
        {"info registers -a", "CPU#0\nEAX=1 EBX=2\n", "CPU#0\nEAX=1\n",
         "CPU#0.EBX: source \"2\", destination nothing"},
        {"info registers -a", "CPU#0\nES =0010 DPL=0 DS\nCS =0008 DPL=0 CS32\n",
         "CPU#0\nES =0010 DPL=0 DS\nCS =0008 DPL=3 CS32\n",
         "CPU#0.CS.DPL: source \"0\", destination \"3\""},
        {"info lapic", "ISR\t (none)\nIRR\t 34 \n", "ISR\t (none)\nIRR\t 35 \n",
         "IRR: source \"34\", destination \"35\""},
        {"info pic", "ioapic0: ver=0x20 id=0x0b\n  pin 1  0x1200000000010891 dest=12\n",
         "ioapic0: ver=0x20 id=0x0b\n  pin 1  0x1200000000010890 dest=12\n",
         "ioapic0.pin 1: source \"1200000000010891\", destination \"1200000000010890\""},
        {"info pci", "Bus  0, device  31, function 2:\n BAR4: I/O at 0xd000 [0xd01f].\n",
         "Bus  0, device  31, function 2:\n BAR4: I/O (not mapped)\n",
         "0:31.2.BAR4: source \"I/O at 0xd000 [0xd01f]\", destination \"I/O (not mapped)\""},
        {"info pci", "Bus  0, device  31, function 2:\n PCI subsystem 1af4:1100\n",
         "Bus  0, device  31, function 2:\n PCI subsystem 1af4:1101\n",
         "0:31.2.PCI subsystem: source \"1af4:1100\", destination \"1af4:1101\""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        MT_AUTO_FREE char *found =
            first_difference(cases[i].command, cases[i].source, cases[i].destination);
        assert_non_null(found);
        assert_string_equal(found, cases[i].difference);
    }
}

static void objects_differ_by_path_in_either_direction(void **state)
{
    static const char *const ignored[] = {"start-on-kick", NULL};
    json_t *source = json_pack("{s:b, s:{s:i}}", "start-on-kick", 0, "status", "isr", 1);
    json_t *destination =
        json_pack("{s:b, s:{s:i, s:i}}", "start-on-kick", 1, "status", "isr", 2, "new", 3);
    json_t *differences = mt_view_compare(source, destination, ignored);
    json_t *expected = json_pack("{s:{s:i, s:i}, s:{s:i}}", "status.isr", "source", 1,
                                 "destination", 2, "status.new", "destination", 3);

    (void)state;
    assert_true(json_equal(differences, expected));
    json_decref(expected);
    json_decref(differences);
    json_decref(source);
    json_decref(destination);
}

/* The features as QEMU 7.2 shows them. It has no name for bit 40. */
static void features_are_sets_of_names_and_unknown_bits(void **state)
{
    json_t *lists = json_pack("{s:I, s:[s], s:[s]}", "unknown-dev-features",
                              (json_int_t)1099511627776, "dev-features", "VIRTIO_NET_F_MAC: a MAC",
                              "transports", "VIRTIO_F_VERSION_1: Device compliant for v1 spec");
    json_t *features = mt_view_features(lists);
    json_t *expected = json_pack("{s:I, s:b, s:b}", "unknown", (json_int_t)1099511627776,
                                 "VIRTIO_NET_F_MAC", 1, "VIRTIO_F_VERSION_1", 1);

    (void)state;
    assert_true(json_equal(features, expected));
    json_decref(lists);
    json_decref(features);
    json_decref(expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layout_and_wording_do_not_count),
        cmocka_unit_test(a_value_that_differs_is_named),
        cmocka_unit_test(objects_differ_by_path_in_either_direction),
        cmocka_unit_test(features_are_sets_of_names_and_unknown_bits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
