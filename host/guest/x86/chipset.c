/* SPDX-License-Identifier: Apache-2.0 */
/* PCI configuration of bus 0, and what the chips of the two kinds of PC have beside it. */
#include <stddef.h>

#include "arch/io.h"
#include "guest/common/pci.h"
#include "guest/x86/power.h"
#include "guest/x86/registers.h"

#define CONFIGURATION_SIZE 256
#define STATUS_INTERRUPT 0x00080000 /* follows the device's line */

#define I440FX 0x12378086
#define ICH9_LPC 0x29188086
#define I440FX_SHADOW 0x5a
#define Q35_SHADOW 0x91
#define Q35_PCIEXBAR 0x60
#define Q35_EXTENDED_CONFIGURATION 0xb0000001
#define ISA_INTERRUPTS 0x60
#define ICH9_INTERRUPTS_E 0x68
#define ICH9_RCBA 0xf0
#define ICH9_CHIP_CONFIGURATION 0xfed1c000
#define ICH9_INTERRUPT_PINS 0x3100
#define ICH9_INTERRUPT_ROUTES 0x3140
#define WATCHDOG_MESSAGE (POWER_BASE + 0x60 + 0x0c)
#define WATCHDOG_MESSAGES 3

/* A reset of the kind that this asks for needs one more bit, which stays clear. */
#define RESET_CONTROL 0xcf9
#define RESET_SYSTEM 0x02

#define PM1_ENABLE (POWER_BASE + 2)
#define PM1_CONTROL (POWER_BASE + 4)
#define PM1_ENABLED 0x0520       /* RTC, power button, global lock */
#define PM1_CONTROL_VALUE 0x1401 /* ACPI; asleep as in S5, were it told to sleep */

static void program_function(uint32_t place, void *context)
{
    uint32_t line = pci_read32(place, PCI_INTERRUPT) & 0xffffff00;

    (void)context;
    pci_write32(place, PCI_HEADER, 0x4010);
    pci_write32(place, PCI_INTERRUPT,
                line | ((0x50 + PCI_DEVICE_OF(place)) ^ PCI_FUNCTION_OF(place)));
}

static void note_function(struct notes *notes, uint32_t place)
{
    for (uint32_t offset = 0; offset < CONFIGURATION_SIZE; offset += 4) {
        uint32_t mask = offset == PCI_COMMAND ? ~(uint32_t)STATUS_INTERRUPT : 0xffffffff;
        note(notes, pci_read32(place, (uint8_t)offset) & mask, "pci 00:%x.%x 0x%x",
             PCI_DEVICE_OF(place), PCI_FUNCTION_OF(place), offset);
    }
}

/* One that has gone is missed by its registers, one that has come by their number. */
static void note_functions(struct notes *notes)
{
    uint32_t count = 0;
    uint32_t place;

    for (place = notes_decide_from(notes, pci_next, PCI_NONE); place != PCI_NONE;
         place = notes_decide_from(notes, pci_next, place)) {
        note_function(notes, place);
    }
    for (place = pci_next(PCI_NONE); place != PCI_NONE; place = pci_next(place)) {
        count++;
    }
    note(notes, count, "pci functions");
}

/*
 * Of 0xc0000 to 0xdffff the parts that may be read, written, both: never all alike. The first stays
 * as it is, since the host asks an older QEMU what lies there to find the ROM.
 */
static void shadow_rom(uint32_t host_bridge, uint8_t offset)
{
    static const uint8_t parts[4] = {0x30, 0x33, 0x33, 0x12};

    for (unsigned i = 0; i < sizeof(parts); i++) {
        pci_write8(host_bridge, (uint8_t)(offset + i), parts[i]);
    }
}

static void program_i440fx(void)
{
    shadow_rom(PCI_FUNCTION(0, 0), I440FX_SHADOW);
    pci_write32(PCI_FUNCTION(1, 0), ISA_INTERRUPTS, 0x0a0b0a05);
}

static uint32_t is_q35(void)
{
    return pci_read32(PCI_FUNCTION(0x1f, 0), PCI_ID) == ICH9_LPC;
}

static void program_q35(void)
{
    uint32_t bridge = PCI_FUNCTION(0, 0);
    uint32_t lpc = PCI_FUNCTION(0x1f, 0);

    shadow_rom(bridge, Q35_SHADOW);
    pci_write32(bridge, Q35_PCIEXBAR + 4, 0);
    pci_write32(bridge, Q35_PCIEXBAR, Q35_EXTENDED_CONFIGURATION);
    pci_write32(lpc, ISA_INTERRUPTS, 0x0a0b0a05);
    pci_write32(lpc, ICH9_INTERRUPTS_E, 0x050a0b0a);
    pci_write32(lpc, ICH9_RCBA, ICH9_CHIP_CONFIGURATION | 1);
    mmio_write32(ICH9_CHIP_CONFIGURATION + ICH9_INTERRUPT_PINS, 0x01234321);
    mmio_write32(ICH9_CHIP_CONFIGURATION + ICH9_INTERRUPT_ROUTES, 0x32103120);
    for (uint16_t i = 0; i < WATCHDOG_MESSAGES; i++) {
        out8((uint16_t)(WATCHDOG_MESSAGE + i), (uint8_t)(0x6d + i));
    }
}

void chipset_program(void)
{
    pci_for_each(program_function, NULL);
    power_enable();
    if (is_q35()) {
        program_q35();
    } else if (pci_read32(PCI_FUNCTION(0, 0), PCI_ID) == I440FX) {
        program_i440fx();
    }
    out8(RESET_CONTROL, RESET_SYSTEM);
    out16(PM1_ENABLE, PM1_ENABLED);
    out16(PM1_CONTROL, PM1_CONTROL_VALUE);
}

static void note_q35(struct notes *notes)
{
    note(notes, mmio_read32(ICH9_CHIP_CONFIGURATION + ICH9_INTERRUPT_PINS), "rcrb 0x3100");
    note(notes, mmio_read32(ICH9_CHIP_CONFIGURATION + ICH9_INTERRUPT_ROUTES), "rcrb 0x3140");
    for (uint16_t i = 0; i < WATCHDOG_MESSAGES; i++) {
        note(notes, in8((uint16_t)(WATCHDOG_MESSAGE + i)), "watchdog message %u", (uint32_t)i);
    }
    note(notes, mmio_read32(Q35_EXTENDED_CONFIGURATION & ~(uint32_t)1), "mmconfig 0x0");
}

void chipset_note(struct notes *notes)
{
    note_functions(notes);
    if (notes_decide(notes, is_q35)) {
        note_q35(notes);
    }
    note(notes, in8(RESET_CONTROL), "port 0xcf9");
    note(notes, in16(PM1_ENABLE), "pm1 enable");
    note(notes, in16(PM1_CONTROL), "pm1 control");
}
