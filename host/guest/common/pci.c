/* SPDX-License-Identifier: Apache-2.0 */
#include "guest/common/pci.h"

#include <stdbool.h>

#include "guest/common/machine.h"

#define DEVICES 32
#define FUNCTIONS 8
#define NOTHING 0xffffffff
#define HEADER_MULTIFUNCTION 0x00800000
#define CLASS 0x0b
#define CLASS_BRIDGE 0x06
#define HEADER_TYPE 0x007f0000
#define COMMAND_IO_MEMORY_MASTER 0x7

/* Below the I/O APIC, above all else that either kind of PC has there, but for much RAM. */
#define MEMORY_WINDOW 0xd0000000
#define MEMORY_WINDOW_END 0xfec00000
#define MUCH_RAM_UNIT 0x10000000
#define PORT_WINDOW 0xd000
#define PORT_WINDOW_END 0x10000

#define BARS 6
#define BAR_PORTS 0x1
#define BAR_WIDTH 0x7
#define BAR_WIDE 0x4
#define PORTS_FLAGS (uint32_t)0x3
#define MEMORY_FLAGS (uint32_t)0xf

static bool is_there(uint32_t place)
{
    return pci_read32(place, PCI_ID) != NOTHING;
}

static bool has_functions(uint32_t place)
{
    return (pci_read32(PCI_FUNCTION(PCI_DEVICE_OF(place), 0), PCI_HEADER) & HEADER_MULTIFUNCTION) !=
           0;
}

static uint32_t next_place(uint32_t place)
{
    uint32_t device = PCI_DEVICE_OF(place);
    uint32_t function = PCI_FUNCTION_OF(place);

    if (place == PCI_NONE) {
        return PCI_FUNCTION(0, 0);
    }
    if (function + 1 < FUNCTIONS && has_functions(place)) {
        return PCI_FUNCTION(device, function + 1);
    }
    return device + 1 < DEVICES ? PCI_FUNCTION(device + 1, 0) : PCI_NONE;
}

uint32_t pci_next(uint32_t place)
{
    do {
        place = next_place(place);
    } while (place != PCI_NONE && !is_there(place));
    return place;
}

void pci_for_each(void (*visit)(uint32_t place, void *context), void *context)
{
    for (uint32_t place = pci_next(PCI_NONE); place != PCI_NONE; place = pci_next(place)) {
        visit(place, context);
    }
}

struct window {
    uint32_t start;
    uint32_t end; /* exclusive */
};

struct windows {
    struct window memory;
    struct window ports;
};

static bool take(struct window *window, uint32_t size, uint32_t *ret_place)
{
    uint32_t place = (window->start + size - 1) & ~(size - 1);

    if (place < window->start || place >= window->end || size > window->end - place) {
        return false;
    }
    window->start = place + size;
    *ret_place = place;
    return true;
}

/* Firmware's place stays, unless it is above 4 GiB, where this program does not reach. */
static bool place_bar(struct windows *windows, uint32_t place, uint32_t index, bool wide)
{
    uint32_t bar = 0;
    bool high = wide && pci_read32(place, PCI_BAR(index + 1)) != 0;

    if (pci_bar(place, index) != 0 && !high) {
        return true;
    }
    pci_write32(place, PCI_BAR(index), 0xffffffff);
    uint32_t writable = pci_read32(place, PCI_BAR(index));
    bool ports = (writable & BAR_PORTS) != 0;
    uint32_t size = 0 - (ports ? writable & ~PORTS_FLAGS : writable & ~MEMORY_FLAGS);
    bool placed = size == 0 || take(ports ? &windows->ports : &windows->memory, size, &bar);
    if (wide) {
        pci_write32(place, PCI_BAR(index + 1), 0);
    }
    pci_write32(place, PCI_BAR(index), bar);
    return placed;
}

/* One without room for all that it has stays off. */
static void place_function(uint32_t place, void *context)
{
    bool placed = true;

    if (pci_read8(place, CLASS) == CLASS_BRIDGE || (pci_read32(place, PCI_HEADER) & HEADER_TYPE)) {
        return;
    }
    for (uint32_t index = 0; index < BARS; index++) {
        bool wide = (pci_read32(place, PCI_BAR(index)) & BAR_WIDTH) == BAR_WIDE;
        placed = place_bar(context, place, index, wide) && placed;
        index += wide;
    }
    if (placed) {
        pci_set32(place, PCI_COMMAND, COMMAND_IO_MEMORY_MASTER);
    }
}

void pci_program(void)
{
    uint32_t end_of_ram = (ram_end() + MUCH_RAM_UNIT - 1) & ~(uint32_t)(MUCH_RAM_UNIT - 1);
    struct windows windows = {
        .memory = {end_of_ram > MEMORY_WINDOW ? end_of_ram : MEMORY_WINDOW, MEMORY_WINDOW_END},
        .ports = {PORT_WINDOW, PORT_WINDOW_END},
    };

    pci_for_each(place_function, &windows);
}

uint32_t pci_bar(uint32_t place, uint32_t index)
{
    uint32_t bar = pci_read32(place, PCI_BAR(index));
    uint32_t flags = bar & BAR_PORTS ? PORTS_FLAGS : MEMORY_FLAGS;

    return bar & ~flags;
}
