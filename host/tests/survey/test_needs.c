/* SPDX-License-Identifier: Apache-2.0 */
/* What a test lacks is named: the thing, the side, and the version found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "survey/machines.h"
#include "survey/needs.h"

static const char old_qemu[] =
    "{'version': '7.2.22', 'capabilities': ['multifd'], 'parameters': [], 'commands': ['migrate'],"
    " 'transports': ['fd-file'], 'devices': [], 'machines': [{'name': 'pc-q35-7.2', 'alias': "
    "'q35'},"
    " {'name': 'pc-q35-7.1', 'alias': ''}]}";
static const char new_qemu[] =
    "{'version': '10.0.2', 'capabilities': ['multifd', 'switchover-ack'], 'parameters': ['mode'],"
    " 'commands': ['migrate', 'migrate.channels'], 'devices': ['e1000e'], 'transports': [],"
    " 'refusals': {'fd-file': 'Use file: instead.'}, 'machines':"
    " [{'name': 'pc-q35-10.0', 'alias': 'q35'}, {'name': 'pc-q35-7.2', 'alias': ''}]}";

static json_t *parse(const char *text)
{
    MT_AUTO_FREE char *json = mt_text_copy(text);

    for (char *at = json; *at != '\0'; at++) {
        *at = *at == '\'' ? '"' : *at;
    }
    json_t *value = json_loads(json, 0, NULL);
    assert_non_null(value);
    return value;
}

struct example {
    const char *source;
    const char *destination;
    const char *needs;
    const char *reason; /* NULL: nothing lacks */
    const char *message;
};

static void check(const struct example *example, const struct mt_found *more)
{
    json_t *source = parse(example->source);
    json_t *destination = parse(example->destination);
    json_t *needs = parse(example->needs);
    struct mt_found found = *more;
    struct mt_lack lack = {0};

    found.source = source;
    found.destination = destination;
    assert_int_equal(mt_needs_check(&found, needs, &lack), example->reason != NULL);
    if (example->reason != NULL) {
        assert_string_equal(lack.reason, example->reason);
        assert_string_equal(lack.message, example->message);
    }
    free(lack.message);
    json_decref(source);
    json_decref(destination);
    json_decref(needs);
}

static void lacks_are_named(void **state)
{
    static const struct example examples[] = {
        {new_qemu, new_qemu, "{}", NULL, NULL},
        {new_qemu, new_qemu, "{'capabilities': ['multifd', 'switchover-ack']}", NULL, NULL},
        {old_qemu, new_qemu, "{'capabilities': ['multifd', 'switchover-ack']}", "capability",
         "the source (QEMU 7.2.22) has no capability switchover-ack"},
        {new_qemu, old_qemu, "{'parameters': ['mode']}", "parameter",
         "the destination (QEMU 7.2.22) has no parameter mode"},
        {new_qemu, old_qemu, "{'commands': ['migrate.channels']}", "command",
         "the destination (QEMU 7.2.22) has no command migrate.channels"},
        {old_qemu, old_qemu, "{'devices': ['e1000e']}", "device",
         "the source (QEMU 7.2.22) has no device e1000e"},
        {new_qemu, new_qemu, "{'machines': ['virt']}", "machine",
         "the source (QEMU 10.0.2) has no machine virt"},
        {old_qemu, new_qemu, "{'transports': ['fd-file']}", "transport",
         "the destination (QEMU 10.0.2) has no transport fd-file: Use file: instead."},
        {new_qemu, old_qemu,
         "{'since': [{'word': 'w', 'source': '9.0', 'destination': '9.0', 'lack': 'forgets'}]}",
         "version", "the destination (QEMU 7.2.22) forgets"},
        {new_qemu, old_qemu, "{'since': [{'word': 'w', 'source': '9.0', 'lack': 'forgets'}]}", NULL,
         NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        check(&examples[i], &(struct mt_found){0});
    }
}

static void what_is_assumed_is_not_lacking(void **state)
{
    struct mt_strings assume = {0};
    const struct example example = {
        old_qemu, old_qemu,
        "{'since': [{'word': 'suspend-kept', 'source': '9.0', 'lack': 'forgets'}]}", NULL, NULL};

    (void)state;
    mt_strings_add(&assume, "suspend-kept");
    check(&example, &(struct mt_found){.assume = &assume});
    mt_strings_clear(&assume);
}

static void kvm_is_needed_working(void **state)
{
    const struct example no_kvm = {new_qemu, new_qemu, "{'accel': 'kvm'}", "kvm",
                                   "it needs KVM, which does not work here: because"};
    const struct example no_ring = {
        new_qemu, new_qemu, "{'dirty_ring': true}", "dirty-ring",
        "it needs KVM's dirty ring, which does not work here: no reason"};
    const struct example fine = {new_qemu, new_qemu, "{'dirty_ring': true}", NULL, NULL};

    (void)state;
    check(&no_kvm, &(struct mt_found){.kvm = MT_ACCELERATOR_FAILS, .why_no_kvm = "because"});
    check(&no_ring, &(struct mt_found){.kvm = MT_ACCELERATOR_WORKS, .why_no_ring = "no reason"});
    check(&fine, &(struct mt_found){.kvm = MT_ACCELERATOR_WORKS, .dirty_ring = true});
    check(&fine, &(struct mt_found){.kvm = MT_ACCELERATOR_UNKNOWN});
}

static void machine_is_the_newest_that_both_know(void **state)
{
    static const struct {
        const char *source;
        const char *destination;
        const char *wanted;
        const char *expected; /* NULL: none */
    } examples[] = {
        {new_qemu, new_qemu, "q35", "pc-q35-10.0"},
        {old_qemu, new_qemu, "q35", "pc-q35-7.2"},
        {new_qemu, old_qemu, "q35", "pc-q35-7.2"},
        {new_qemu, old_qemu, "pc-q35-7.2", "pc-q35-7.2"},
        {new_qemu, new_qemu, "virt", NULL},
        {old_qemu, new_qemu, "pc-q35-10.0", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        json_t *source = parse(examples[i].source);
        json_t *destination = parse(examples[i].destination);
        MT_AUTO_ERROR struct mt_error error = {0};
        const char *type = NULL;
        int result = mt_machine_resolve(source, destination, examples[i].wanted, &type, &error);
        assert_int_equal(result, examples[i].expected != NULL ? 0 : -1);
        if (examples[i].expected != NULL) {
            assert_string_equal(type, examples[i].expected);
        }
        json_decref(source);
        json_decref(destination);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lacks_are_named),
        cmocka_unit_test(what_is_assumed_is_not_lacking),
        cmocka_unit_test(kvm_is_needed_working),
        cmocka_unit_test(machine_is_the_newest_that_both_know),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
