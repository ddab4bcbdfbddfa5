/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/vm/command_line.h"

#include <inttypes.h>
#include <string.h>

static void add_all(struct mt_strings *command, const char *const *args)
{
    for (; args != NULL && *args != NULL; args++) {
        mt_strings_add(command, "%s", *args);
    }
}

static void add_option(struct mt_strings *command, const char *option, const char *value)
{
    mt_strings_add(command, "%s", option);
    mt_strings_add(command, "%s", value);
}

static void add_channels(struct mt_strings *command)
{
    mt_strings_add(command, "-chardev");
    mt_strings_add(command, "socket,id=qmp,fd=%d", MT_QMP_CHILD_FD);
    add_option(command, "-qmp", "chardev:qmp");
    mt_strings_add(command, "-chardev");
    mt_strings_add(command, "socket,id=serial,fd=%d", MT_SERIAL_CHILD_FD);
    add_option(command, "-serial", "chardev:serial");
}

/*
 * The backend's id is the name of the RAM block in the stream, so both sides must use the same;
 * with plain anonymous memory QEMU names it itself.
 */
static void add_memory(struct mt_strings *command, const struct mt_command_line *want)
{
    const char *backend = want->machine->memory_backend;
    int64_t size = want->machine->ram;

    mt_strings_add(command, "-m");
    mt_strings_add(command, "%" PRId64 "K", size / 1024);
    if (strcmp(backend, "anonymous") == 0) {
        return;
    }
    mt_strings_add(command, "-object");
    if (strcmp(backend, "file") == 0) {
        mt_strings_add(command,
                       "memory-backend-file,id=mig.mem,size=%" PRId64 ",mem-path=%s,share=on", size,
                       want->memory_path);
    } else {
        mt_strings_add(command, "memory-backend-memfd,id=mig.mem,size=%" PRId64 ",share=on%s", size,
                       strcmp(backend, "hugetlb") == 0 ? ",hugetlb=on" : "");
    }
}

static void add_machine(struct mt_strings *command, const struct mt_command_line *want)
{
    const struct mt_machine_config *machine = want->machine;
    bool named_memory = strcmp(machine->memory_backend, "anonymous") != 0;

    mt_strings_add(command, "-machine");
    mt_strings_add(command, "%s%s", machine->type, named_memory ? ",memory-backend=mig.mem" : "");
    mt_strings_add(command, "-accel");
    if (want->dirty_ring > 0) {
        mt_strings_add(command, "%s,dirty-ring-size=%u", machine->accel, want->dirty_ring);
    } else {
        mt_strings_add(command, "%s", machine->accel);
    }
    add_option(command, "-cpu", machine->cpu);
    mt_strings_add(command, "-smp");
    mt_strings_add(command, "%" PRId64, machine->smp);
    add_memory(command, want);
}

static void add_firmware(struct mt_strings *command, const struct mt_machine_config *machine)
{
    if (strcmp(machine->firmware, "none") == 0) {
        mt_strings_add(command, "-bios");
        mt_strings_add(command, "%s/guest.rom", machine->guest_folder);
        return;
    }
    mt_strings_add(command, "-drive");
    mt_strings_add(command, "if=none,id=boot,file=%s/guest.disk,format=raw,snapshot=on",
                   machine->guest_folder);
    add_option(command, "-device", "ide-hd,drive=boot");
}

void mt_command_line_make(const struct mt_command_line *want, struct mt_strings *ret_command)
{
    struct mt_strings command = {0};

    mt_strings_add(&command, "%s", want->qemu->binary);
    mt_strings_add(&command, "-no-user-config");
    if (strcmp(want->machine->devices, "machine") != 0) {
        mt_strings_add(&command, "-nodefaults");
    }
    add_option(&command, "-display", "none");
    mt_strings_add(&command, "-name");
    mt_strings_add(&command, "%s,debug-threads=on", want->side);
    add_machine(&command, want);
    add_firmware(&command, want->machine);
    add_channels(&command);
    if (want->incoming) {
        add_option(&command, "-incoming", "defer");
    }
    if (want->hold) {
        mt_strings_add(&command, "-S");
    }
    add_all(&command, want->machine->args);
    add_all(&command, want->args);
    add_all(&command, want->more_args);
    /* The later of two -m, -cpu or -machine wins, and a side's own is meant to. */
    add_all(&command, want->qemu->args);
    *ret_command = command;
}

void mt_command_line_bare(const char *binary, struct mt_strings *ret_command)
{
    static const char *const rest[] = {
        "-no-user-config", "-nodefaults",        "-display", "none",       "-machine", "none",
        "-chardev",        "socket,id=qmp,fd=3", "-qmp",     "chardev:qmp"};

    *ret_command = (struct mt_strings){0};
    mt_strings_add(ret_command, "%s", binary);
    for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++) {
        mt_strings_add(ret_command, "%s", rest[i]);
    }
}
