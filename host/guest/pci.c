/* SPDX-License-Identifier: Apache-2.0 */
/* PCI bus 0: which functions there are, and where their registers lie. */
#include "guest/pci.h"

#include <stdbool.h>

#define DEVICES 32
#define FUNCTIONS 8
#define NOTHING 0xffffffff
#define HEADER_MULTIFUNCTION 0x00800000
#define CLASS 0x0b
#define CLASS_BRIDGE 0x06
#define HEADER_TYPE 0x007f0000
#define COMMAND_IO_MEMORY_MASTER 0x7

/* Below the I/O APIC, above all else that either kind of PC has there. */
#define MEMORY_WINDOW 0xd0000000
#define PORT_WINDOW 0xd000

#define BARS 6
#define BAR_PORTS 0x1
#define BAR_WIDTH 0x7
#define BAR_WIDE 0x4
#define PORTS_FLAGS (uint32_t)0x3
#define MEMORY_FLAGS (uint32_t)0xf

void pci_for_each(void (*visit)(uint32_t place, void *context), void *context)
{
    for (uint32_t device = 0; device < DEVICES; device++) {
        uint32_t header = pci_read32(PCI_FUNCTION(device, 0), PCI_HEADER);
        uint32_t count = header & HEADER_MULTIFUNCTION ? FUNCTIONS : 1;
        for (uint32_t function = 0; function < count; function++) {
            uint32_t place = PCI_FUNCTION(device, function);
            if (pci_read32(place, PCI_ID) != NOTHING) {
                visit(place, context);
            }
        }
    }
}

struct windows {
    uint32_t memory;
    uint32_t ports;
};

static uint32_t take(uint32_t *window, uint32_t size)
{
    uint32_t place = (*window + size - 1) & ~(size - 1);

    *window = place + size;
    return place;
}

/* Firmware's place stays, unless it is above 4 GiB, where this program does not reach. */
static void place_bar(struct windows *windows, uint32_t place, uint32_t index, bool wide)
{
    bool high = wide && pci_read32(place, PCI_BAR(index + 1)) != 0;

    if (pci_bar(place, index) != 0 && !high) {
        return;
    }
    pci_write32(place, PCI_BAR(index), 0xffffffff);
    uint32_t writable = pci_read32(place, PCI_BAR(index));
    bool ports = (writable & BAR_PORTS) != 0;
    uint32_t size = 0 - (ports ? writable & ~PORTS_FLAGS : writable & ~MEMORY_FLAGS);
    uint32_t *window = ports ? &windows->ports : &windows->memory;
    if (wide) {
        pci_write32(place, PCI_BAR(index + 1), 0);
    }
    pci_write32(place, PCI_BAR(index), size != 0 ? take(window, size) : 0);
}

static void place_function(uint32_t place, void *context)
{
    if (pci_read8(place, CLASS) == CLASS_BRIDGE || (pci_read32(place, PCI_HEADER) & HEADER_TYPE)) {
        return;
    }
    for (uint32_t index = 0; index < BARS; index++) {
        bool wide = (pci_read32(place, PCI_BAR(index)) & BAR_WIDTH) == BAR_WIDE;
        place_bar(context, place, index, wide);
        index += wide;
    }
    pci_set32(place, PCI_COMMAND, COMMAND_IO_MEMORY_MASTER);
}

void pci_program(void)
{
    struct windows windows = {.memory = MEMORY_WINDOW, .ports = PORT_WINDOW};

    pci_for_each(place_function, &windows);
}

uint32_t pci_bar(uint32_t place, uint32_t index)
{
    uint32_t bar = pci_read32(place, PCI_BAR(index));
    uint32_t flags = bar & BAR_PORTS ? PORTS_FLAGS : MEMORY_FLAGS;

    return bar & ~flags;
}
