/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/qemu_args.h"

#include <string.h>

/* The option at `index` without its dashes; QEMU takes one dash or two. NULL: not an option. */
static const char *args_option_at(const struct mt_strings *args, size_t index)
{
    const char *arg = args->items[index];

    if (arg[0] != '-' || arg[1] == '\0') {
        return NULL;
    }
    return arg + (arg[1] == '-' ? 2 : 1);
}

static const char *args_value_at(const struct mt_strings *args, size_t index)
{
    return index + 1 < args->count ? args->items[index + 1] : "";
}

static bool is_any(const char *value)
{
    (void)value;
    return true;
}

/* In "512M,slots=2" and "pc-q35-7.2,usb=off" the first part is a value without a name. */
static bool begins_without_name(const char *value)
{
    return value[0] != '\0' && memchr(value, '=', strcspn(value, ",")) == NULL;
}

static bool has_member(const char *value, const char *member)
{
    size_t length = strlen(member);

    for (const char *at = value; at != NULL; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, member, length) == 0) {
            return true;
        }
    }
    return false;
}

static bool has_size(const char *value)
{
    return begins_without_name(value) || has_member(value, "size=");
}

static bool has_type(const char *value)
{
    return begins_without_name(value) || has_member(value, "type=");
}

static bool has_accel(const char *value)
{
    return has_member(value, "accel=");
}

static bool is_pflash(const char *value)
{
    return has_member(value, "if=pflash");
}

static bool has_firmware(const char *value)
{
    return has_member(value, "pflash0=") || has_member(value, "firmware=");
}

static bool is_first_serial_port(const char *value)
{
    bool is_json = value[0] == '{';

    return is_json ? strstr(value, "\"isa-serial\"") != NULL && strstr(value, "\"index\":0") != NULL
                   : strncmp(value, "isa-serial", strlen("isa-serial")) == 0 &&
                         (has_member(value, "index=0") || has_member(value, "iobase=0x3f8"));
}

static const struct rule {
    const char *option;
    bool both; /* in the args of both sides only */
    bool (*concerns)(const char *value);
    const char *why;
} refused[] = {
    {"S", false, is_any,
     "migtest itself decides when its QEMUs run; \"hold:\" says whether a destination waits"},
    {"incoming", false, is_any, "migtest itself says which side waits for a migration"},
    {"preconfig", false, is_any, "a QEMU that waits to be configured runs no guest"},
    {"daemonize", false, is_any, "migtest watches the process that it starts"},
    {"accel", false, is_any,
     "the first of several -accel counts, which is migtest's; expected \"accel:\""},
    {"enable-kvm", false, is_any, "expected \"accel: kvm\""},
    {"machine", false, has_accel, "expected \"accel:\""},
    {"M", false, has_accel, "expected \"accel:\""},
    {"machine", true, has_type,
     "expected its type under \"machine:\", as both sides must know it; other properties may stay"},
    {"M", true, has_type,
     "expected its type under \"machine:\", as both sides must know it; other properties may stay"},
    {"m", true, has_size, "expected its size under \"ram:\"; slots and maxmem may stay"},
};

static const char *args_find_rule(const struct rule *rules, size_t count,
                                  const struct mt_strings *args, size_t index, bool both)
{
    const char *option = args_option_at(args, index);

    for (size_t i = 0; option != NULL && i < count; i++) {
        if (strcmp(rules[i].option, option) == 0 && (both || !rules[i].both) &&
            rules[i].concerns(args_value_at(args, index))) {
            return rules[i].why;
        }
    }
    return NULL;
}

/* An argument that is the value of an option is not an option, even if it begins with a dash. */
static bool args_is_value(const struct mt_strings *args, size_t index)
{
    static const char *const valued[] = {"append", "name",   "device", "drive",  "chardev",
                                         "netdev", "object", "global", "fw_cfg", "smbios",
                                         "initrd", "kernel", "bios",   "L",      "serial"};
    const char *before = index > 0 ? args_option_at(args, index - 1) : NULL;

    for (size_t i = 0; before != NULL && i < sizeof(valued) / sizeof(valued[0]); i++) {
        if (strcmp(before, valued[i]) == 0) {
            return true;
        }
    }
    return false;
}

const char *mt_qemu_args_refusal(const struct mt_strings *args, size_t index, bool both)
{
    return args_is_value(args, index)
               ? NULL
               : args_find_rule(refused, sizeof(refused) / sizeof(refused[0]), args, index, both);
}

const char *mt_qemu_args_silence(const struct mt_strings *args, size_t index, const char *firmware)
{
    static const char own_firmware[] = "it brings a firmware of its own, which does not start "
                                       "migtest's guest";
    static const struct rule rules[] = {
        {"drive", false, is_pflash, own_firmware},
        {"pflash", false, is_any, own_firmware},
        {"machine", false, has_firmware, own_firmware},
        {"M", false, has_firmware, own_firmware},
        {"kernel", false, is_any, "it starts a kernel in place of migtest's guest"},
        {"device", false, is_first_serial_port,
         "it takes the first serial port, over which migtest's guest speaks"},
        {"bios", true, is_any, own_firmware},
    };

    return args_is_value(args, index) ? NULL
                                      : args_find_rule(rules, sizeof(rules) / sizeof(rules[0]),
                                                       args, index, strcmp(firmware, "none") == 0);
}
