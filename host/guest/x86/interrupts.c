/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupt controllers: all of them programmed, and every line masked but that of the alarm. */
#include "guest/x86/interrupts.h"

#include "arch/cpuid.h"
#include "arch/io.h"
#include "guest/contract.h"
#include "guest/x86/registers.h"

#define PIC_COUNT 2
#define PIC_INITIALISE 0x11
#define PIC_8086 0x01
#define PIC_MASK_ALL 0xff
#define PIC_LOWEST_IS_3 0xc3
#define PIC_SELECT_ISR 0x0b
#define ELCR 0x4d0

static const uint16_t pics[PIC_COUNT] = {0x20, 0xa0};

#define LAPIC_ENABLE 0x100
#define LVT_MASKED 0x10000
#define LVT_TIMER 0x320
#define TIMER_START 0x380

#define IOAPIC 0xfec00000
#define IOAPIC_WINDOW (IOAPIC + 0x10)
#define IOAPIC_ID 0x00
#define IOAPIC_ENTRY(index) (0x10 + 2 * (index))
#define IOAPIC_ENTRIES 24
#define ENTRY_MASKED 0x10000
#define ENTRY_LOGICAL 0x00800
#define ENTRY_LOW 0x02000
#define ENTRY_LEVEL 0x08000
#define ENTRY_VOLATILE 0x05000 /* delivery status, remote IRR */

/* QEMU's LAPIC counts nanoseconds, as KVM's does; the divisor is the highest. */
#define TIMER_DIVISOR 128
#define TIMER_DIVIDE_BY_128 0x0a
#define TIMER_COUNT (MT_GUEST_REST_STEP_MS * (1000000 / TIMER_DIVISOR))

static const struct lapic_register {
    uint16_t offset;
    uint32_t value;
} lapic_registers[] = {
    {0x0f0, LAPIC_ENABLE | 0xed}, {0x080, 0x40},
    {0x0d0, 0x5a000000},          {0x0e0, 0x0fffffff},
    {0x310, 0x03000000},          {LVT_TIMER, LVT_MASKED | ALARM_VECTOR},
    {0x330, LVT_MASKED | 0xe2},   {0x340, LVT_MASKED | 0xe3},
    {0x350, LVT_MASKED | 0xe4},   {0x360, LVT_MASKED | 0xe5},
    {0x370, LVT_MASKED | 0xe6},   {0x3e0, TIMER_DIVIDE_BY_128},
    {TIMER_START, TIMER_COUNT},
};

#define LAPIC_REGISTERS (sizeof(lapic_registers) / sizeof(lapic_registers[0]))

/* Under KVM a pass is the faster the less it exits, and is long over where many run at once. */
bool interrupts_can_rest(void)
{
    return !cpu_has(FEATURE_KVM) && cpu_has(FEATURE_APIC);
}

static void program_pics(void)
{
    for (unsigned i = 0; i < PIC_COUNT; i++) {
        uint16_t data = (uint16_t)(pics[i] + 1);
        out8(pics[i], PIC_INITIALISE);
        out8(data, (uint8_t)(0x70 + 8 * i));
        out8(data, i == 0 ? 0x04 : 0x02); /* which line the other is at */
        out8(data, PIC_8086);
        out8(data, PIC_MASK_ALL);
        out8(pics[i], PIC_LOWEST_IS_3);
        out8(pics[i], PIC_SELECT_ISR);
    }
    out8(ELCR, 0xa0);
    out8(ELCR + 1, 0x0c);
}

static void program_lapic(void)
{
    for (unsigned i = 0; i < LAPIC_REGISTERS; i++) {
        mmio_write32(LAPIC + lapic_registers[i].offset, lapic_registers[i].value);
    }
    if (interrupts_can_rest()) {
        mmio_write32(LAPIC + LVT_TIMER, ALARM_VECTOR);
    }
}

static uint32_t ioapic_read(uint32_t index)
{
    mmio_write32(IOAPIC, index);
    return mmio_read32(IOAPIC_WINDOW);
}

static void ioapic_write(uint32_t index, uint32_t value)
{
    mmio_write32(IOAPIC, index);
    mmio_write32(IOAPIC_WINDOW, value);
}

static void program_ioapic(void)
{
    ioapic_write(IOAPIC_ID, 0x0b000000);
    for (uint32_t i = 0; i < IOAPIC_ENTRIES; i++) {
        uint32_t mode = (i & 1 ? ENTRY_LOGICAL : 0) | (i & 2 ? ENTRY_LEVEL | ENTRY_LOW : 0);
        ioapic_write(IOAPIC_ENTRY(i), ENTRY_MASKED | mode | (0x90 + i));
        ioapic_write(IOAPIC_ENTRY(i) + 1, (0x11 + i) << 24);
    }
}

void interrupts_program(void)
{
    program_pics();
    if (cpu_has(FEATURE_APIC)) {
        program_lapic();
        program_ioapic();
    }
}

/* The write lets QEMU notice what its caller wrote to the stack, see io.h. */
void interrupts_rest(void)
{
    mmio_write32(LAPIC + TIMER_START, TIMER_COUNT);
    __asm__ volatile("addl $0, (%%esp); sti; hlt; cli" : : : "memory");
}

static void note_pics(struct notes *notes)
{
    for (unsigned i = 0; i < PIC_COUNT; i++) {
        note(notes, in8((uint16_t)(pics[i] + 1)), "pic %u mask", i);
        note(notes, in8(pics[i]), "pic %u in service", i);
        note(notes, in8((uint16_t)(ELCR + i)), "elcr %u", i);
    }
}

static void note_ioapic(struct notes *notes)
{
    note(notes, ioapic_read(IOAPIC_ID), "ioapic id");
    for (uint32_t i = 0; i < IOAPIC_ENTRIES; i++) {
        note(notes, ioapic_read(IOAPIC_ENTRY(i)) & ~(uint32_t)ENTRY_VOLATILE, "ioapic %u low", i);
        note(notes, ioapic_read(IOAPIC_ENTRY(i) + 1), "ioapic %u high", i);
    }
}

void interrupts_note(struct notes *notes)
{
    note_pics(notes);
    for (unsigned i = 0; cpu_has(FEATURE_APIC) && i < LAPIC_REGISTERS; i++) {
        uint16_t offset = lapic_registers[i].offset;
        note(notes, mmio_read32(LAPIC + offset), "lapic 0x%x", (uint32_t)offset);
    }
    if (cpu_has(FEATURE_APIC)) {
        note_ioapic(notes);
    }
}
