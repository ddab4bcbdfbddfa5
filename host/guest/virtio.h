/* SPDX-License-Identifier: Apache-2.0 */
/* The modern virtio-pci transport: a device's registers, and its queues in its page of RAM. */
#ifndef MT_GUEST_VIRTIO_H
#define MT_GUEST_VIRTIO_H

#include <stdbool.h>
#include <stdint.h>

#include "guest/notes.h"

/* Of a device's page: the queues lie below, what they carry from here on. */
#define VIRTIO_BUFFERS 0x800

struct virtio {
    uint32_t place;
    const struct virtio_kind *kind;
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

/* NULL for what no driver is here for. */
const struct virtio_kind *virtio_kind_of(uint32_t number);

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
