/* SPDX-License-Identifier: Apache-2.0 */
/* Suspend to RAM, and the wake, which comes back as a reset with RAM kept. */
#include "guest/x86/power.h"

#include "arch/io.h"
#include "arch/kept.h"
#include "guest/common/complaint.h"
#include "guest/common/machine.h"
#include "guest/common/pci.h"
#include "guest/common/serial.h"
#include "guest/contract.h"
#include "guest/x86/cmos.h"

#define SHUTDOWN_STATUS 0x0f
#define WOKEN_FROM_S3 0xfe

/* The function that owns the PM registers: part of the LPC bridge on q35, one of its own on pc. */
#define ICH9_LPC PCI_FUNCTION(0x1f, 0)
#define ICH9_LPC_ID 0x29188086
#define ICH9_PM_BASE 0x40
#define ICH9_ACPI_CONTROL 0x44
#define ICH9_ACPI_ENABLE 0x80
#define PIIX4_PM PCI_FUNCTION(0x01, 3)
#define PIIX4_PM_BASE 0x40
#define PIIX4_PM_MISC 0x80
#define PIIX4_PM_ENABLE 0x01
#define IO_SPACE 0x01

#define PM1_CONTROL (POWER_BASE + 4)
#define SCI_ENABLE 0x0001
#define SLEEP_TYPE_S3 0x0400
#define SLEEP_ENABLE 0x2000

/* RAM is zero at power-on, and zero must not look sealed, nor as if the program had run. */
#define SEAL 0x6d696774
#define HAS_RUN 0x72756e73

static uint32_t seal_of(uint32_t generation)
{
    return SEAL ^ generation;
}

void power_enable(void)
{
    if (pci_read32(ICH9_LPC, PCI_ID) == ICH9_LPC_ID) {
        pci_write32(ICH9_LPC, ICH9_PM_BASE, POWER_BASE | IO_SPACE);
        pci_set32(ICH9_LPC, ICH9_ACPI_CONTROL, ICH9_ACPI_ENABLE);
    } else {
        pci_write32(PIIX4_PM, PIIX4_PM_BASE, POWER_BASE | IO_SPACE);
        pci_set32(PIIX4_PM, PIIX4_PM_MISC, PIIX4_PM_ENABLE);
    }
}

_Noreturn void machine_suspend(uint32_t generation)
{
    kept.generation = generation;
    kept.seal = seal_of(generation);
    out16(PM1_CONTROL, SCI_ENABLE | SLEEP_TYPE_S3 | SLEEP_ENABLE);
    halt();
}

static bool take_cmos_mark(void)
{
    bool marked = cmos_read(SHUTDOWN_STATUS) == WOKEN_FROM_S3;
    cmos_write(SHUTDOWN_STATUS, 0);
    return marked;
}

static bool has_woken(uint32_t *ret_generation)
{
    uint32_t generation = kept.generation;
    uint32_t seal = kept.seal;
    bool sealed = seal == seal_of(generation);

    if (take_cmos_mark() && !sealed) {
        complain_of_memory(&kept.seal, seal_of(generation), seal);
    }
    kept.seal = 0;
    kept.generation = 0;
    *ret_generation = sealed ? generation : *ret_generation;
    return sealed;
}

/* A reset keeps RAM. One in a suspend leaves the mark of a wake in the CMOS, and is taken for it.
 */
enum start machine_start(uint32_t *ret_generation)
{
    if (has_woken(ret_generation)) {
        return START_WOKEN;
    }
    enum start start = kept.started == HAS_RUN ? START_REBOOTED : START_FRESH;
    kept.started = HAS_RUN;
    kept.decided = false;
    return start;
}
