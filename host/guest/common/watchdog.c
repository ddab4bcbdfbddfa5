/* SPDX-License-Identifier: Apache-2.0 */
/* Intel's 6300ESB watchdog: it runs, and when it ends, in half an hour, nothing comes of it. */
#include "arch/io.h"
#include "guest/common/devices.h"

#define CONFIGURATION 0x60
#define NO_REBOOT_NO_INTERRUPT 0x23
#define LOCK 0x68
#define RUN 0x02
#define FIRST_TIMER 0x0
#define SECOND_TIMER 0x4
#define RELOAD 0xc
#define MOST_KILOTICKS 0x000fffff

static void unlock(uint32_t bar)
{
    mmio_write16(bar + RELOAD, 0x80);
    mmio_write16(bar + RELOAD, 0x86);
}

/* It answers to accesses of its configuration's own width only; the timers cannot be read back. */
void watchdog_program(uint32_t place)
{
    uint32_t bar = pci_bar(place, 0);

    pci_write16(place, CONFIGURATION, NO_REBOOT_NO_INTERRUPT);
    unlock(bar);
    mmio_write32(bar + FIRST_TIMER, MOST_KILOTICKS);
    unlock(bar);
    mmio_write32(bar + SECOND_TIMER, MOST_KILOTICKS - 1);
    pci_write8(place, LOCK, RUN);
}

void watchdog_note(uint32_t place, struct notes *notes)
{
    note(notes, pci_read16(place, CONFIGURATION), "watchdog configuration");
    note(notes, pci_read8(place, LOCK), "watchdog lock");
}
