/* SPDX-License-Identifier: Apache-2.0 */
/* What two QEMUs show of themselves is compared without what only their versions make different. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "lib/verify/view.h"

static void order_and_wording_do_not_count(void **state)
{
    static const char *const pairs[][2] = {
        {"pic0: irr=01\r\npic1: irr=00\r\n", "pic1: irr=00\r\npic0: irr=01\r\n"},
        {"BAR0: I/O at 0xffffffffffffffff [0x001e].\n", "  BAR0: I/O (not mapped)\n"},
        {"BAR1: 32 bit memory at 0xd0020000 [0xd003ffff].\n",
         "BAR1: 32 bit memory at 0xd0020000 [0xd003ffff]\n"},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        assert_null(mt_view_compare_text(pairs[i][0], pairs[i][1]));
    }
}

static void a_line_that_differs_is_shown(void **state)
{
    MT_AUTO_FREE char *changed = mt_view_compare_text("EAX=1\nEBX=2\n", "EAX=1\nEBX=3\n");
    MT_AUTO_FREE char *missing = mt_view_compare_text("EAX=1\nEBX=2\n", "EAX=1\n");

    (void)state;
    assert_string_equal(changed, "source \"EBX=2\", destination \"EBX=3\"");
    assert_string_equal(missing, "source \"EBX=2\", destination \"\"");
}

static void a_value_that_differs_is_named_by_its_path(void **state)
{
    static const char *const ignored[] = {"start-on-kick", NULL};
    json_t *source = json_pack("{s:b, s:{s:i}}", "start-on-kick", 0, "status", "isr", 1);
    json_t *alike = json_pack("{s:b, s:{s:i}}", "start-on-kick", 1, "status", "isr", 1);
    json_t *other = json_pack("{s:b, s:{s:i}}", "start-on-kick", 0, "status", "isr", 2);
    MT_AUTO_FREE char *found = mt_view_compare_json(source, other, ignored);

    (void)state;
    assert_null(mt_view_compare_json(source, alike, ignored));
    assert_string_equal(found, "status.isr: source 1, destination 2");
    json_decref(source);
    json_decref(alike);
    json_decref(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_and_wording_do_not_count),
        cmocka_unit_test(a_line_that_differs_is_shown),
        cmocka_unit_test(a_value_that_differs_is_named_by_its_path),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
