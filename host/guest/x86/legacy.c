/* SPDX-License-Identifier: Apache-2.0 */
/* Port-mapped devices of a PC: DMA, UART, parallel port, firmware configuration, system ports. */
#include "arch/io.h"
#include "guest/contract.h"
#include "guest/x86/registers.h"

#define DMA_CHANNELS 8
#define DMA_MASK_ALL 0x0f

/* The second controller's ports are twice as far apart. */
static const struct dma {
    uint16_t base;
    unsigned shift;
} controllers[2] = {{0x00, 0}, {0xc0, 1}};

#define DMA_MODE 0x0b
#define DMA_CLEAR_FLIP_FLOP 0x0c
#define DMA_WRITE_MASK 0x0f

static const uint16_t dma_pages[DMA_CHANNELS] = {0x87, 0x83, 0x81, 0x82, 0x8f, 0x8b, 0x89, 0x8a};

#define UART_LINE_CONTROL (MT_GUEST_SERIAL_PORT + 3)
#define UART_SCRATCH (MT_GUEST_SERIAL_PORT + 7)
#define UART_DIVISOR_ACCESS 0x80

#define FIRMWARE_SELECT 0x510
#define FIRMWARE_DATA 0x511
#define SIGNATURE 0x0000
#define SIGNATURE_READ 2

#define PARALLEL 0x378
#define PARALLEL_CONTROL 0x37a

#define SYSTEM_CONTROL 0x92
#define POWER_MANAGEMENT_SCRATCH 0xb3

static uint16_t dma_port(unsigned controller, unsigned index)
{
    return (uint16_t)(controllers[controller].base + (index << controllers[controller].shift));
}

static void write_twice(uint16_t port, uint32_t value)
{
    out8(port, (uint8_t)value);
    out8(port, (uint8_t)(value >> 8));
}

static uint32_t read_twice(uint16_t port)
{
    uint32_t low = in8(port);

    return low | (uint32_t)in8(port) << 8;
}

static void program_dma(unsigned controller)
{
    out8(dma_port(controller, DMA_WRITE_MASK), DMA_MASK_ALL);
    out8(dma_port(controller, DMA_CLEAR_FLIP_FLOP), 0);
    for (unsigned i = 0; i < 4; i++) {
        unsigned channel = controller * 4 + i;
        out8(dma_port(controller, DMA_MODE), (uint8_t)(0x48 | i));
        write_twice(dma_port(controller, 2 * i), 0x1d00 + channel * 0x0110);
        write_twice(dma_port(controller, 2 * i + 1), 0x2e00 + channel * 0x0110);
        out8(dma_pages[channel], (uint8_t)(0x11 + channel));
    }
}

static void program_uart(void)
{
    uint8_t control = in8(UART_LINE_CONTROL);

    out8(UART_SCRATCH, 0xa7);
    out8(UART_LINE_CONTROL, control | UART_DIVISOR_ACCESS);
    out8(MT_GUEST_SERIAL_PORT, 1);
    out8(MT_GUEST_SERIAL_PORT + 1, 0);
    out8(UART_LINE_CONTROL, control);
}

/* In the middle of an item, where a migration must leave it: the next byte is the third. */
static void select_firmware_item(void)
{
    out16(FIRMWARE_SELECT, SIGNATURE);
    for (unsigned i = 0; i < SIGNATURE_READ; i++) {
        in8(FIRMWARE_DATA);
    }
}

void legacy_program(void)
{
    program_dma(0);
    program_dma(1);
    program_uart();
    select_firmware_item();
    out8(PARALLEL, 0xb4);
    out8(PARALLEL_CONTROL, 0x0e);
    out8(POWER_MANAGEMENT_SCRATCH, 0x6b);
}

static void note_dma(struct notes *notes, unsigned controller)
{
    out8(dma_port(controller, DMA_CLEAR_FLIP_FLOP), 0);
    for (unsigned i = 0; i < 4; i++) {
        unsigned channel = controller * 4 + i;
        note(notes, read_twice(dma_port(controller, 2 * i)), "dma %u address", channel);
        note(notes, read_twice(dma_port(controller, 2 * i + 1)), "dma %u count", channel);
        note(notes, in8(dma_pages[channel]), "dma %u page", channel);
    }
    note(notes, in8(dma_port(controller, DMA_WRITE_MASK)), "dma mask %u", controller);
}

static void note_uart(struct notes *notes)
{
    uint8_t control = in8(UART_LINE_CONTROL);

    note(notes, in8(UART_SCRATCH), "uart scratch");
    note(notes, control, "uart line control");
    note(notes, in8(MT_GUEST_SERIAL_PORT + 1), "uart interrupts");
    note(notes, in8(MT_GUEST_SERIAL_PORT + 4), "uart modem control");
    out8(UART_LINE_CONTROL, control | UART_DIVISOR_ACCESS);
    note(notes, in8(MT_GUEST_SERIAL_PORT), "uart divisor low");
    note(notes, in8(MT_GUEST_SERIAL_PORT + 1), "uart divisor high");
    out8(UART_LINE_CONTROL, control);
}

void legacy_note(struct notes *notes)
{
    note_dma(notes, 0);
    note_dma(notes, 1);
    note_uart(notes);
    note(notes, in8(FIRMWARE_DATA), "fw_cfg next byte");
    select_firmware_item();
    note(notes, in8(PARALLEL), "parallel data");
    note(notes, in8(PARALLEL_CONTROL), "parallel control");
    note(notes, in8(SYSTEM_CONTROL), "port 0x92");
    note(notes, in8(POWER_MANAGEMENT_SCRATCH), "port 0xb3");
}
