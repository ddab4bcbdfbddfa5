/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/vm/command_line.h"

#include <inttypes.h>
#include <string.h>

static void add_args(struct mt_strings *command, const char *const *args)
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

static void add_qmp(struct mt_strings *command)
{
    mt_strings_add(command, "-chardev");
    mt_strings_add(command, "socket,id=qmp,fd=%d", MT_QMP_CHILD_FD);
    add_option(command, "-qmp", "chardev:qmp");
}

static void add_serial(struct mt_strings *command)
{
    mt_strings_add(command, "-chardev");
    mt_strings_add(command, "socket,id=serial,fd=%d", MT_SERIAL_CHILD_FD);
    add_option(command, "-serial", "chardev:serial");
}

/*
 * The backend's id is the name of the RAM block in the stream, so both sides must use the same id.
 * With plain anonymous memory QEMU chooses the name.
 */
static void add_memory(struct mt_strings *command, const struct mt_command_line *line)
{
    const char *backend = line->machine->memory_backend;
    int64_t size = line->machine->ram;

    mt_strings_add(command, "-m");
    mt_strings_add(command, "%" PRId64 "K", size / 1024);
    if (strcmp(backend, "anonymous") == 0) {
        return;
    }
    mt_strings_add(command, "-object");
    if (strcmp(backend, "file") == 0) {
        mt_strings_add(command,
                       "memory-backend-file,id=mig.mem,size=%" PRId64 ",mem-path=%s,share=on", size,
                       line->memory_path);
    } else {
        mt_strings_add(command, "memory-backend-memfd,id=mig.mem,size=%" PRId64 ",share=on%s", size,
                       strcmp(backend, "hugetlb") == 0 ? ",hugetlb=on" : "");
    }
}

static void add_machine(struct mt_strings *command, const struct mt_command_line *line)
{
    const struct mt_machine_config *machine = line->machine;
    bool named_memory = strcmp(machine->memory_backend, "anonymous") != 0;

    mt_strings_add(command, "-machine");
    mt_strings_add(command, "%s%s", machine->type, named_memory ? ",memory-backend=mig.mem" : "");
    mt_strings_add(command, "-accel");
    if (line->dirty_ring > 0) {
        mt_strings_add(command, "%s,dirty-ring-size=%u", machine->accel, line->dirty_ring);
    } else {
        mt_strings_add(command, "%s", machine->accel);
    }
    add_option(command, "-cpu", machine->cpu);
    mt_strings_add(command, "-smp");
    mt_strings_add(command, "%" PRId64, machine->smp);
    add_memory(command, line);
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

struct mt_launch mt_command_line_launch(const struct mt_command_line *line)
{
    struct mt_strings command = {0};

    mt_strings_add(&command, "%s", line->qemu->binary);
    mt_strings_add(&command, "-no-user-config");
    if (strcmp(line->machine->devices, "machine") != 0) {
        mt_strings_add(&command, "-nodefaults");
    }
    add_option(&command, "-display", "none");
    mt_strings_add(&command, "-name");
    mt_strings_add(&command, "%s,debug-threads=on", line->side);
    add_machine(&command, line);
    add_firmware(&command, line->machine);
    add_qmp(&command);
    add_serial(&command);
    if (line->incoming) {
        add_option(&command, "-incoming", "defer");
    }
    if (line->hold) {
        mt_strings_add(&command, "-S");
    }
    add_args(&command, line->machine->args);
    add_args(&command, line->args);
    add_args(&command, line->more_args);
    /* QEMU takes the last of several -m, -cpu or -machine. A side's own arguments are to win. */
    add_args(&command, line->qemu->args);
    return (struct mt_launch){.command = command,
                              .environment = line->qemu->environment,
                              .accel = line->machine->accel,
                              .machine = line->machine->type};
}

struct mt_launch mt_command_line_launch_bare(const struct mt_qemu_config *qemu)
{
    struct mt_strings command = {0};

    mt_strings_add(&command, "%s", qemu->binary);
    mt_strings_add(&command, "-no-user-config");
    mt_strings_add(&command, "-nodefaults");
    add_option(&command, "-display", "none");
    add_option(&command, "-machine", "none");
    add_qmp(&command);
    return (struct mt_launch){
        .command = command, .environment = qemu->environment, .accel = "", .machine = "none"};
}
