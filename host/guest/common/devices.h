/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Drivers for devices that a machine may have. A driver brings its device up. On each walk it lets
 * the device do some work again, and notes the device's registers. PCI_FUNCTION() names a function.
 */
#ifndef MT_GUEST_COMMON_DEVICES_H
#define MT_GUEST_COMMON_DEVICES_H

#include <stdbool.h>
#include <stdint.h>

#include "arch/notice.h"
#include "guest/common/notes.h"
#include "guest/common/pci.h"
#include "guest/contract.h"

/* The page of RAM that a driver may use. Each device number has one page, for one function. */
static inline uint32_t device_page(uint32_t place)
{
    return MT_GUEST_DEVICES + PCI_DEVICE_OF(place) * MT_GUEST_PAGE_SIZE;
}

/* Fills the page with zeros. */
void device_page_clear(uint32_t place);

/* QEMU must notice writes to the page of a device, too: see arch/notice.h. */
static inline void device_page_touch(uint32_t place)
{
    drop_page_translation(device_page(place));
}

/*
 * Two values that must be equal on every walk. A difference is reported like that of a register. A
 * device that is just being brought up is given up instead.
 */
void expect(uint32_t expected, uint32_t found, const char *name, ...)
    __attribute__((format(printf, 3, 4)));

/* The walks over all devices that have a driver. */
void devices_program(void);
void devices_note(struct notes *notes);

/* Waits for a word that a device or its DMA changes. Returns false after a long time. */
bool device_wait(volatile const uint32_t *word, uint32_t mask, uint32_t value);

void virtio_program(uint32_t place);
void virtio_note(uint32_t place, struct notes *notes);
void virtio_give_up(uint32_t place);
void nic_program(uint32_t place);
void nic_note(uint32_t place, struct notes *notes);
void sound_program(uint32_t place);
void sound_note(uint32_t place, struct notes *notes);
void usb_program(uint32_t place);
void usb_note(uint32_t place, struct notes *notes);
void watchdog_program(uint32_t place);
void watchdog_note(uint32_t place, struct notes *notes);

#endif
