/* SPDX-License-Identifier: Apache-2.0 */
/* The arguments of QEMU that a manifest may have, and those that may keep the guest silent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "manifest/qemu_args.h"

struct example {
    const char *option;
    const char *value; /* NULL: none */
    bool refused_of_both;
    bool refused_of_side;
    bool silences;
};

static const struct example examples[] = {
    {"-S", NULL, true, true, false},
    {"--S", NULL, true, true, false},
    {"-incoming", "defer", true, true, false},
    {"-preconfig", NULL, true, true, false},
    {"-daemonize", NULL, true, true, false},
    {"-accel", "tcg,thread=single", true, true, false},
    {"-enable-kvm", NULL, true, true, false},
    {"-machine", "accel=kvm", true, true, false},
    {"-M", "usb=off,accel=kvm", true, true, false},
    {"-machine", "pc", true, false, false},
    {"-machine", "type=pc", true, false, false},
    {"-machine", "usb=off,memory-backend=pc.ram", false, false, false},
    {"-m", "512", true, false, false},
    {"-m", "size=512M", true, false, false},
    {"-m", "slots=2,maxmem=1G", false, false, false},
    {"-cpu", "max", false, false, false},
    {"-smp", "2", false, false, false},
    {"-serial", "null", false, false, false},
    {"-device", "virtio-rng-pci", false, false, false},
    {"-device", "isa-serial,chardev=c", false, false, false},
    {"-device", "isa-serial,chardev=c,index=0", false, false, true},
    {"-device", "{\"driver\":\"isa-serial\",\"index\":0}", false, false, true},
    {"-drive", "file=a,if=virtio", false, false, false},
    {"-drive", "file=a,if=pflash", false, false, true},
    {"-machine", "pflash0=code", false, false, true},
    {"-kernel", "vmlinuz", false, false, true},
    {"-bios", "OVMF.fd", false, false, true},
    /* The value of an option is not an option, even if it looks like one. */
    {"-name", "-S", false, false, false},
};

static struct mt_strings args_of(const struct example *example)
{
    struct mt_strings args = {0};

    mt_strings_add(&args, "%s", example->option);
    if (example->value != NULL) {
        mt_strings_add(&args, "%s", example->value);
    }
    return args;
}

static bool is_refused(const struct mt_strings *args, bool both)
{
    bool refused = false;

    for (size_t i = 0; i < args->count; i++) {
        refused = refused || mt_qemu_args_refusal(args, i, both) != NULL;
    }
    return refused;
}

static void what_would_not_be_as_written_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        struct mt_strings args = args_of(&examples[i]);
        if (is_refused(&args, true) != examples[i].refused_of_both ||
            is_refused(&args, false) != examples[i].refused_of_side) {
            fail_msg("%s %s", examples[i].option, examples[i].value);
        }
        mt_strings_clear(&args);
    }
}

static void what_may_silence_the_guest_is_known(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        struct mt_strings args = args_of(&examples[i]);
        if ((mt_qemu_args_silence(&args, 0, "none") != NULL) != examples[i].silences) {
            fail_msg("%s %s", examples[i].option, examples[i].value);
        }
        mt_strings_clear(&args);
    }
}

static void a_bios_may_start_the_disk(void **state)
{
    struct mt_strings args = {0};

    (void)state;
    mt_strings_add(&args, "-bios");
    mt_strings_add(&args, "bios-256k.bin");
    assert_null(mt_qemu_args_silence(&args, 0, "seabios"));
    mt_strings_clear(&args);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_would_not_be_as_written_is_refused),
        cmocka_unit_test(what_may_silence_the_guest_is_known),
        cmocka_unit_test(a_bios_may_start_the_disk),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
