/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Devices that a machine may have: each driver brings its device up, and on each walk has it work
 * once more and tells what it holds. A function of PCI is named by its PCI_FUNCTION().
 */
#ifndef MT_GUEST_COMMON_DEVICES_H
#define MT_GUEST_COMMON_DEVICES_H

#include <stdbool.h>
#include <stdint.h>

#include "arch/notice.h"
#include "guest/common/notes.h"
#include "guest/common/pci.h"
#include "guest/contract.h"

/* The page of RAM that a device's driver may use: of one function only. */
static inline uint32_t device_page(uint32_t place)
{
    return MT_GUEST_DEVICES + PCI_DEVICE_OF(place) * MT_GUEST_PAGE_SIZE;
}

/* Makes it zero. */
void device_page_clear(uint32_t place);

/* A write to a device's page may not be lost to what arch/notice.h tells of, either. */
static inline void device_page_touch(uint32_t place)
{
    drop_page_translation(device_page(place));
}

/*
 * What must hold whether noted or compared: a difference is reported as one of a register is, but
 * for a device that is only being brought up, which is given up.
 */
void expect(uint32_t expected, uint32_t found, const char *name, ...)
    __attribute__((format(printf, 3, 4)));

/* The walks over all devices that have a driver. */
void devices_program(void);
void devices_note(struct notes *notes);

/* Waits, though not for ever, for a word that a device or its DMA changes. */
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
