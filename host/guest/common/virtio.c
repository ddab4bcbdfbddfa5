/* SPDX-License-Identifier: Apache-2.0 */
#include "guest/common/virtio.h"

#include <stddef.h>

#include "arch/io.h"
#include "guest/common/devices.h"

#define FIRST_TRANSITIONAL 0x1000
#define FIRST_MODERN 0x1040
#define AFTER_MODERN 0x1080

#define CAPABILITY_VENDOR 0x09
#define COMMON_STRUCTURE 1
#define NOTIFY_STRUCTURE 2
#define ISR_STRUCTURE 3
#define DEVICE_STRUCTURE 4

#define OFFERED_SELECT 0x00
#define OFFERED 0x04
#define TAKEN_SELECT 0x08
#define TAKEN 0x0c
#define CONFIGURATION_VECTOR 0x10
#define QUEUE_COUNT 0x12
#define STATUS 0x14
#define QUEUE_SELECT 0x16
#define QUEUE_SIZE 0x18
#define QUEUE_VECTOR 0x1a
#define QUEUE_ENABLE 0x1c
#define QUEUE_NOTIFY 0x1e
#define QUEUE_DESCRIPTORS 0x20
#define QUEUE_AVAILABLE 0x28
#define QUEUE_USED 0x30

#define ACKNOWLEDGED 0x1
#define DRIVER 0x2
#define DRIVER_OK 0x4
#define FEATURES_OK 0x8
#define RUNNING (ACKNOWLEDGED | DRIVER | FEATURES_OK | DRIVER_OK)
#define VERSION_1 0x1       /* of the second word */
#define ACCESS_PLATFORM 0x2 /* where it is offered it must be taken */

/* The device never has more than one request, so a small queue does. */
#define MOST_QUEUES 8
#define SIZE 8
#define QUEUE_BYTES 0x100
#define AVAILABLE_AT 0x80
#define USED_AT 0xa0
#define HAS_NEXT 1
#define IS_ANSWER 2

#define OWN_CONFIGURATION 16

struct descriptor {
    uint32_t address;
    uint32_t address_high;
    uint32_t length;
    uint16_t flags;
    uint16_t next;
};

/* Flags in the low half, the index in the high one, as they lie in RAM. */
#define INDEX_SHIFT 16

struct queue {
    volatile struct descriptor *descriptors;
    volatile uint32_t *available;
    volatile uint32_t *used;
};

static struct queue queue_of(const struct virtio *virtio, uint32_t index)
{
    uint32_t start = device_page(virtio->place) + index * QUEUE_BYTES;

    return (struct queue){
        .descriptors = (volatile struct descriptor *)start,
        .available = (volatile uint32_t *)(start + AVAILABLE_AT),
        .used = (volatile uint32_t *)(start + USED_AT),
    };
}

volatile uint8_t *virtio_buffer(const struct virtio *virtio, uint32_t offset)
{
    return (volatile uint8_t *)(device_page(virtio->place) + VIRTIO_BUFFERS + offset);
}

static void take_structure(struct virtio *virtio, uint8_t capability)
{
    uint32_t head = pci_read32(virtio->place, capability);
    uint32_t bar = pci_read32(virtio->place, (uint8_t)(capability + 4)) & 0xff;
    uint32_t offset = pci_read32(virtio->place, (uint8_t)(capability + 8));

    if ((head & 0xff) != CAPABILITY_VENDOR || bar > 5) {
        return;
    }
    switch (head >> 24) {
    case COMMON_STRUCTURE:
        virtio->common = pci_bar(virtio->place, bar) + offset;
        break;
    case NOTIFY_STRUCTURE:
        virtio->notify = pci_bar(virtio->place, bar) + offset;
        virtio->notify_step = pci_read32(virtio->place, (uint8_t)(capability + 16));
        break;
    case ISR_STRUCTURE:
        virtio->isr = pci_bar(virtio->place, bar) + offset;
        break;
    case DEVICE_STRUCTURE:
        virtio->device = pci_bar(virtio->place, bar) + offset;
        break;
    default:
        break;
    }
}

/* That of a transitional device is not in its ID. */
static uint32_t number_of(uint32_t place, uint32_t device)
{
    return device >= FIRST_MODERN ? device - FIRST_MODERN : pci_read32(place, PCI_SUBSYSTEM) >> 16;
}

bool virtio_find(uint32_t place, struct virtio *ret_virtio)
{
    uint32_t device = pci_read32(place, PCI_ID) >> 16;

    if (device < FIRST_TRANSITIONAL || device >= AFTER_MODERN) {
        return false;
    }
    *ret_virtio = (struct virtio){.place = place, .number = number_of(place, device)};
    for (uint8_t capability = pci_read8(place, PCI_CAPABILITIES); capability != 0;
         capability = pci_read8(place, (uint8_t)(capability + 1))) {
        take_structure(ret_virtio, capability);
    }
    return ret_virtio->common != 0 && ret_virtio->notify != 0 && ret_virtio->isr != 0;
}

static uint32_t queue_count(const struct virtio *virtio)
{
    uint32_t count = mmio_read16(virtio->common + QUEUE_COUNT);

    return count < MOST_QUEUES ? count : MOST_QUEUES;
}

static void set_up_queue(const struct virtio *virtio, uint32_t index)
{
    struct queue queue = queue_of(virtio, index);
    uint32_t common = virtio->common;

    mmio_write16(common + QUEUE_SELECT, (uint16_t)index);
    if (mmio_read16(common + QUEUE_SIZE) < SIZE) {
        return;
    }
    mmio_write16(common + QUEUE_SIZE, SIZE);
    mmio_write16(common + QUEUE_VECTOR, 1);
    mmio_write32(common + QUEUE_DESCRIPTORS, (uint32_t)queue.descriptors);
    mmio_write32(common + QUEUE_DESCRIPTORS + 4, 0);
    mmio_write32(common + QUEUE_AVAILABLE, (uint32_t)queue.available);
    mmio_write32(common + QUEUE_AVAILABLE + 4, 0);
    mmio_write32(common + QUEUE_USED, (uint32_t)queue.used);
    mmio_write32(common + QUEUE_USED + 4, 0);
    mmio_write16(common + QUEUE_ENABLE, 1);
}

static void negotiate(const struct virtio *virtio)
{
    uint32_t common = virtio->common;

    mmio_write32(common + OFFERED_SELECT, 0);
    uint32_t offered = mmio_read32(common + OFFERED);
    mmio_write32(common + OFFERED_SELECT, 1);
    mmio_write32(common + TAKEN_SELECT, 0);
    mmio_write32(common + TAKEN, offered & virtio->kind->features);
    mmio_write32(common + TAKEN_SELECT, 1);
    mmio_write32(common + TAKEN, VERSION_1 | (mmio_read32(common + OFFERED) & ACCESS_PLATFORM));
}

/* No vector is ever used, as MSI-X stays off; the devices remember them all the same. */
void virtio_bring_up(const struct virtio *virtio)
{
    uint32_t status = virtio->common + STATUS;

    mmio_write8(status, 0);
    expect(0, mmio_read8(status), "%s status after its reset", virtio->kind->name);
    mmio_write8(status, ACKNOWLEDGED);
    mmio_write8(status, ACKNOWLEDGED | DRIVER);
    negotiate(virtio);
    mmio_write8(status, ACKNOWLEDGED | DRIVER | FEATURES_OK);
    mmio_write16(virtio->common + CONFIGURATION_VECTOR, 0);
    for (uint32_t i = 0; i < queue_count(virtio); i++) {
        set_up_queue(virtio, i);
    }
    mmio_write8(status, RUNNING);
    expect(RUNNING, mmio_read8(status), "%s status", virtio->kind->name);
}

static void describe(const struct virtio *virtio, struct queue queue,
                     const struct virtio_buffer *buffers)
{
    uint32_t count = 0;

    for (; count < VIRTIO_MOST_BUFFERS && buffers[count].length != 0; count++) {
        volatile struct descriptor *descriptor = &queue.descriptors[count];
        descriptor->address = (uint32_t)virtio_buffer(virtio, buffers[count].offset);
        descriptor->address_high = 0;
        descriptor->length = buffers[count].length;
        descriptor->flags = (uint16_t)(HAS_NEXT | (buffers[count].answer ? IS_ANSWER : 0));
        descriptor->next = (uint16_t)(count + 1);
    }
    queue.descriptors[count - 1].flags &= (uint16_t)~HAS_NEXT;
}

void virtio_ask(const struct virtio *virtio, uint32_t index, const struct virtio_buffer *buffers)
{
    struct queue queue = queue_of(virtio, index);
    uint32_t next = ((*queue.available >> INDEX_SHIFT) + 1) & 0xffff;

    describe(virtio, queue, buffers);
    *queue.available = next << INDEX_SHIFT; /* each entry of its ring is zero: the first buffer */
    mmio_write16(virtio->common + QUEUE_SELECT, (uint16_t)index);
    uint32_t step = mmio_read16(virtio->common + QUEUE_NOTIFY) * virtio->notify_step;
    mmio_write16(virtio->notify + step, (uint16_t)index);
    device_wait(queue.used, 0xffff0000, next << INDEX_SHIFT);
    expect(next, *queue.used >> INDEX_SHIFT, "%s queue %u used", virtio->kind->name, index);
}

static void note_queue(const struct virtio *virtio, uint32_t index, struct notes *notes)
{
    const char *name = virtio->kind->name;

    mmio_write16(virtio->common + QUEUE_SELECT, (uint16_t)index);
    for (uint32_t offset = QUEUE_SIZE; offset < QUEUE_DESCRIPTORS; offset += 2) {
        note(notes, mmio_read16(virtio->common + offset), "%s queue %u 0x%x", name, index, offset);
    }
    for (uint32_t offset = QUEUE_DESCRIPTORS; offset < QUEUE_USED + 8; offset += 4) {
        note(notes, mmio_read32(virtio->common + offset), "%s queue %u 0x%x", name, index, offset);
    }
}

void virtio_note_registers(const struct virtio *virtio, struct notes *notes)
{
    const char *name = virtio->kind->name;
    uint32_t common = virtio->common;

    note(notes, mmio_read32(common + OFFERED_SELECT), "%s offered select", name);
    note(notes, mmio_read32(common + TAKEN_SELECT), "%s taken select", name);
    note(notes, mmio_read32(common + TAKEN), "%s features high", name);
    note(notes, mmio_read16(common + CONFIGURATION_VECTOR), "%s vector", name);
    note(notes, mmio_read16(common + QUEUE_COUNT), "%s queues", name);
    note(notes, mmio_read8(common + STATUS), "%s status", name);
    note(notes, mmio_read16(common + QUEUE_SELECT), "%s queue select", name);
    for (uint32_t i = 0; i < queue_count(virtio); i++) {
        note_queue(virtio, i, notes);
    }
    mmio_write32(common + TAKEN_SELECT, 0);
    note(notes, mmio_read32(common + TAKEN), "%s features", name);
    mmio_write32(common + TAKEN_SELECT, 1);
    for (uint32_t i = 0; virtio->device != 0 && i < OWN_CONFIGURATION; i += 4) {
        note(notes, mmio_read32(virtio->device + i), "%s configuration 0x%x", name, i);
    }
    note(notes, mmio_read8(virtio->isr), "%s interrupts", name);
}

void virtio_select_last_queue(const struct virtio *virtio)
{
    mmio_write16(virtio->common + QUEUE_SELECT, (uint16_t)(queue_count(virtio) - 1));
}

void virtio_reset(const struct virtio *virtio)
{
    mmio_write8(virtio->common + STATUS, 0);
}
