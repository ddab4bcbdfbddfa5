/* SPDX-License-Identifier: Apache-2.0 */
/* Intel's network cards e1000 and e1000e, which have these registers in common. */
#include "arch/io.h"
#include "guest/common/devices.h"

#define MASK_INTERRUPTS 0x00d8
#define RECEIVE_CONTROL 0x0100
#define TRANSMIT_CONTROL 0x0400
#define TRANSMIT_ENABLED 0x0002010a /* pads, and waits this long and that far on a wire */
#define TRANSMIT_HEAD 0x3810
#define TRANSMIT_TAIL 0x3818

#define RECEIVE_RING 0x000 /* of the device's page */
#define TRANSMIT_RING 0x100
#define FRAME 0x200
#define FRAME_SIZE 60
#define DESCRIPTORS 8
#define WHOLE_FRAME_AND_REPORT 0x0b000000
#define DONE 0x1

/* Receiving stays off, and so do interrupts. The rings' places are the device's page's. */
static const struct nic_register {
    uint32_t offset;
    uint32_t value;
    bool in_page;
} registers[] = {
    {0x0038, 0x9100, false},           {0x0410, 0x00602007, false},
    {0x2800, RECEIVE_RING, true},      {0x2804, 0, false},
    {0x2808, DESCRIPTORS * 16, false}, {0x2818, 5, false},
    {0x3800, TRANSMIT_RING, true},     {0x3804, 0, false},
    {0x3808, DESCRIPTORS * 16, false}, {0x5200, 0x5a0f6996, false},
    {0x5408, 0x00005452, false},       {0x540c, 0x80000d0c, false},
    {0x5600, 0x13579bdf, false},       {TRANSMIT_CONTROL, TRANSMIT_ENABLED, false},
};

#define REGISTERS (sizeof(registers) / sizeof(registers[0]))

static void send_frame(uint32_t place)
{
    uint32_t bar = pci_bar(place, 0);
    uint32_t tail = mmio_read32(bar + TRANSMIT_TAIL) % DESCRIPTORS;
    volatile uint32_t *frame = (volatile uint32_t *)(device_page(place) + FRAME);
    volatile uint32_t *descriptor =
        (volatile uint32_t *)(device_page(place) + TRANSMIT_RING + tail * 16);

    frame[0] = 0xffffffff; /* to all, from 52:54:00:00:00:02, of an experimental kind */
    frame[1] = 0x5452ffff;
    frame[2] = 0x02000000;
    frame[3] = 0x0000b588;
    descriptor[0] = (uint32_t)frame;
    descriptor[1] = 0;
    descriptor[2] = WHOLE_FRAME_AND_REPORT | FRAME_SIZE;
    descriptor[3] = 0;
    mmio_write32(bar + TRANSMIT_TAIL, (tail + 1) % DESCRIPTORS);
    device_wait(&descriptor[3], DONE, DONE);
    expect(DONE, descriptor[3] & DONE, "e1000 frame sent");
    expect((tail + 1) % DESCRIPTORS, mmio_read32(bar + TRANSMIT_HEAD), "e1000 head");
}

void nic_program(uint32_t place)
{
    uint32_t bar = pci_bar(place, 0);

    mmio_write32(bar + MASK_INTERRUPTS, 0xffffffff);
    mmio_write32(bar + RECEIVE_CONTROL, 0);
    mmio_write32(bar + TRANSMIT_CONTROL, 0);
    for (unsigned i = 0; i < REGISTERS; i++) {
        uint32_t start = registers[i].in_page ? device_page(place) : 0;
        mmio_write32(bar + registers[i].offset, start + registers[i].value);
    }
    send_frame(place);
}

void nic_note(uint32_t place, struct notes *notes)
{
    for (unsigned i = 0; i < REGISTERS; i++) {
        uint32_t offset = registers[i].offset;
        note(notes, mmio_read32(pci_bar(place, 0) + offset), "e1000 0x%x", offset);
    }
    send_frame(place);
}
