/* SPDX-License-Identifier: Apache-2.0 */
/* Which driver a device has. */
#include "guest/common/devices.h"

#include <stdarg.h>
#include <stddef.h>

#include "arch/drivers.h"
#include "arch/io.h"

#define ANY_DEVICE 0xffff

/* Half a minute or more, as main memory is faster to look at than a port; less for what may fail.
 */
#define LOOKS 100000
#define LOOKS_AT_FIRST 20000
#define LOOKS_BETWEEN_PORTS 1000

static const struct driver {
    uint16_t vendor;
    uint16_t device;
    void (*program)(uint32_t place);
    void (*note)(uint32_t place, struct notes *notes);
    void (*give_up)(uint32_t place); /* NULL: what is under way does no harm */
} drivers[] = {
    {0x1af4, ANY_DEVICE, virtio_program, virtio_note, virtio_give_up},
    {0x8086, 0x100e, nic_program, nic_note, NULL},
    {0x8086, 0x10d3, nic_program, nic_note, NULL},
    {0x8086, 0x2668, sound_program, sound_note, NULL},
    ARCH_DRIVERS,
    {0x1b36, 0x000d, usb_program, usb_note, NULL},
    {0x8086, 0x25ab, watchdog_program, watchdog_note, NULL},
};

static const struct driver *driver_of(uint32_t place)
{
    uint32_t id = pci_read32(place, PCI_ID);

    for (unsigned i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++) {
        const struct driver *driver = &drivers[i];
        if (driver->vendor == (id & 0xffff) &&
            (driver->device == ANY_DEVICE || driver->device == id >> 16)) {
            return driver;
        }
    }
    return NULL;
}

#define DEVICES 32
#define COMMAND_MEMORY 0x2
#define COMMAND_MASTER 0x4

static struct {
    uint32_t under_way;
    void *way_out[5];
    uint32_t driven[DEVICES]; /* the function that each device number's page is of */
} *const driving = (void *)MT_GUEST_DRIVING;

/*
 * Leaves off bringing a device up, if that is under way: nothing has migrated yet, and a device may
 * have its reasons (a network that takes no frames, a disk with other sectors). It is left alone
 * from then on. Otherwise returns.
 */
static void device_give_up(void)
{
    if (driving->under_way) {
        __builtin_longjmp(driving->way_out, 1);
    }
}

void expect(uint32_t expected, uint32_t found, const char *name, ...)
{
    va_list values;

    va_start(values, name);
    if (expected != found) {
        device_give_up();
        notes_report(expected, found, name, values);
    }
    va_end(values);
}

static void bring_up(const struct driver *driver, uint32_t place)
{
    device_page_clear(place);
    driving->under_way = true;
    if (__builtin_setjmp(driving->way_out) == 0) {
        driver->program(place);
        driving->driven[PCI_DEVICE_OF(place)] = place;
    } else {
        if (driver->give_up != NULL) {
            driver->give_up(place);
        }
        pci_write32(place, PCI_COMMAND, pci_read32(place, PCI_COMMAND) & ~(uint32_t)COMMAND_MASTER);
    }
    driving->under_way = false;
}

static void program_device(uint32_t place, void *context)
{
    const struct driver *driver = driver_of(place);

    (void)context;
    if (driver != NULL && driving->driven[PCI_DEVICE_OF(place)] == PCI_NONE &&
        (pci_read32(place, PCI_COMMAND) & COMMAND_MEMORY) != 0) {
        bring_up(driver, place);
    }
}

/* That it is still there is known by then: its registers of PCI are compared before. */
static void note_device(uint32_t place, struct notes *notes)
{
    const struct driver *driver = driver_of(place);

    if (driver != NULL) {
        device_page_touch(place);
        driver->note(place, notes);
    }
}

void devices_program(void)
{
    pci_program();
    for (unsigned i = 0; i < DEVICES; i++) {
        driving->driven[i] = PCI_NONE;
    }
    driving->under_way = false;
    pci_for_each(program_device, NULL);
}

void devices_note(struct notes *notes)
{
    for (unsigned i = 0; i < DEVICES; i++) {
        if (driving->driven[i] != PCI_NONE) {
            note_device(driving->driven[i], notes);
        }
    }
}

void device_page_clear(uint32_t place)
{
    volatile uint32_t *word = (volatile uint32_t *)device_page(place);

    for (unsigned i = 0; i < MT_GUEST_PAGE_WORDS; i++) {
        if (word[i] != 0) {
            word[i] = 0;
        }
    }
}

bool device_wait(volatile const uint32_t *word, uint32_t mask, uint32_t value)
{
    unsigned most = driving->under_way ? LOOKS_AT_FIRST : LOOKS;

    for (unsigned looks = 0; looks < most; looks++) {
        for (unsigned i = 0; i < LOOKS_BETWEEN_PORTS; i++) {
            if ((*word & mask) == value) {
                return true;
            }
        }
        look_away();
    }
    return false;
}
