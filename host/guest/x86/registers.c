/* SPDX-License-Identifier: Apache-2.0 */
#include "guest/x86/registers.h"

#include "arch/cpuid.h"
#include "arch/kept.h"
#include "arch/notice.h"
#include "guest/common/devices.h"
#include "guest/common/machine.h"
#include "guest/contract.h"

static const struct part {
    void (*program)(void);
    void (*note)(struct notes *notes);
} parts[] = {
    {cpu_program, cpu_note},           {fpu_program, fpu_note},
    {msr_program, msr_note},           {interrupts_program, interrupts_note},
    {chipset_program, chipset_note},   {timers_program, timers_note},
    {tables_program, tables_note},     {legacy_program, legacy_note},
    {keyboard_program, keyboard_note}, {pointer_program, pointer_note},
    {floppy_program, floppy_note},     {devices_program, devices_note},
};

#define END_OF_PARTS (parts + sizeof(parts) / sizeof(parts[0]))

static void walk(struct notes *notes)
{
    for (const struct part *part = parts; part < END_OF_PARTS; part++) {
        part->note(notes);
    }
}

void machine_program(void)
{
    struct notes notes;

    for (const struct part *part = parts; part < END_OF_PARTS; part++) {
        part->program();
    }
    if (!kept.decided) {
        cpuid_keep();
    }
    notes_begin(&notes);
    walk(&notes);
    kept.decided = true;
}

void machine_note(void)
{
    struct notes notes;

    notes_begin(&notes);
    walk(&notes);
    for (uint32_t page = MT_GUEST_NOTES; page < MT_GUEST_NOTES_END; page += MT_GUEST_PAGE_SIZE) {
        notice_page(page);
    }
}

void machine_compare(void)
{
    struct notes notes;

    notes_begin_comparing(&notes);
    walk(&notes);
}
