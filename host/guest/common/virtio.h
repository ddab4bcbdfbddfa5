/* SPDX-License-Identifier: Apache-2.0 */
/* The modern virtio-pci transport: a device's registers, and its queues in its page of RAM. */
#ifndef MT_GUEST_COMMON_VIRTIO_H
#define MT_GUEST_COMMON_VIRTIO_H

#include <stdbool.h>
#include <stdint.h>

#include "guest/common/notes.h"

/* Of a device's page: the queues lie below, what they carry from here on. */
#define VIRTIO_BUFFERS 0x800

struct virtio {
    uint32_t place;
    uint32_t number;                /* which kind of device it is */
    const struct virtio_kind *kind; /* what the driver of the kind has set */
    uint32_t common;
    uint32_t notify;
    uint32_t notify_step;
    uint32_t isr;
    uint32_t device; /* its own configuration; 0 if it has none */
};

/* What each kind of device is asked, once it runs and on each walk. */
struct virtio_kind {
    uint32_t number;
    const char *name;
    uint32_t features; /* taken where the device offers them */
    void (*start)(const struct virtio *virtio);
    void (*walk)(const struct virtio *virtio, struct notes *notes);
};

/* False where the function is no virtio device, or lacks a structure. */
bool virtio_find(uint32_t place, struct virtio *ret_virtio);

/* Resets the device, negotiates its features, and gives it all of its queues. */
void virtio_bring_up(const struct virtio *virtio);

/* A reset takes back a request that was not answered. */
void virtio_reset(const struct virtio *virtio);

void virtio_note_registers(const struct virtio *virtio, struct notes *notes);

/* Between two walks the selected queue is not the one that a reset selects. */
void virtio_select_last_queue(const struct virtio *virtio);

volatile uint8_t *virtio_buffer(const struct virtio *virtio, uint32_t offset);

struct virtio_buffer {
    uint32_t offset;
    uint32_t length; /* of 0: no more */
    bool answer;     /* written by the device */
};

#define VIRTIO_MOST_BUFFERS 3

/* Puts a request into a queue, and waits until the device has used it. */
void virtio_ask(const struct virtio *virtio, uint32_t queue, const struct virtio_buffer *buffers);

#endif
