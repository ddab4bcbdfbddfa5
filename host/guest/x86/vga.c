/* SPDX-License-Identifier: Apache-2.0 */
/* The registers of a VGA by its ports. No mode is set: nobody looks at the picture. */
#include "arch/io.h"
#include "guest/common/devices.h"

#define ATTRIBUTES 0x3c0
#define ATTRIBUTE_READ 0x3c1
#define MISCELLANEOUS 0x3c2
#define MISCELLANEOUS_READ 0x3cc
#define COLOUR_PORTS 0xe3
#define PALETTE_MASK 0x3c6
#define PALETTE_READ_INDEX 0x3c7
#define PALETTE_INDEX 0x3c8
#define PALETTE 0x3c9
#define STATUS 0x3da
#define EXTENSION_INDEX 0x1ce
#define EXTENSION 0x1cf
#define EXTENSION_ID 0
#define EXTENSION_VERSION 0xb0c3

#define COLOUR 0x35

/* An index port, with its data at the next. */
static const struct vga_register {
    uint16_t port;
    uint8_t index;
    uint8_t value;
} registers[] = {
    {0x3c4, 0x02, 0x05}, {0x3c4, 0x03, 0x2a}, {0x3c4, 0x04, 0x06}, {0x3ce, 0x00, 0x09},
    {0x3ce, 0x01, 0x06}, {0x3ce, 0x03, 0x0b}, {0x3ce, 0x08, 0x96}, {0x3d4, 0x0a, 0x0d},
    {0x3d4, 0x0c, 0x12}, {0x3d4, 0x0d, 0x34}, {0x3d4, 0x0e, 0x05}, {0x3d4, 0x0f, 0x67},
};

#define REGISTERS (sizeof(registers) / sizeof(registers[0]))

/* Each ends with a half: an index without its data, a colour without its blue. */
static void stop_half_way(void)
{
    in8(STATUS);
    out8(ATTRIBUTES, 0x06);
    out8(PALETTE_INDEX, COLOUR + 1);
    out8(PALETTE, 0x0c);
    out8(PALETTE, 0x1d);
}

static void write_palette(void)
{
    in8(STATUS);
    for (uint8_t i = 0; i < 16; i++) {
        out8(ATTRIBUTES, i);
        out8(ATTRIBUTES, i ^ 0x15);
    }
    out8(PALETTE_MASK, 0x7f);
    out8(PALETTE_INDEX, COLOUR);
    for (uint8_t i = 0; i < 3; i++) {
        out8(PALETTE, 0x21 + i);
    }
}

void vga_program(uint32_t place)
{
    (void)place;
    out8(MISCELLANEOUS, COLOUR_PORTS);
    for (unsigned i = 0; i < REGISTERS; i++) {
        out8(registers[i].port, registers[i].index);
        out8(registers[i].port + 1, registers[i].value);
    }
    write_palette();
    out16(EXTENSION_INDEX, EXTENSION_ID);
    out16(EXTENSION, EXTENSION_VERSION);
    stop_half_way();
}

static void note_palette(struct notes *notes)
{
    for (uint8_t i = 0; i < 16; i++) {
        in8(STATUS);
        out8(ATTRIBUTES, i);
        note(notes, in8(ATTRIBUTE_READ), "vga attribute %u", (uint32_t)i);
    }
    note(notes, in8(PALETTE_MASK), "vga palette mask");
    out8(PALETTE_READ_INDEX, COLOUR);
    for (uint32_t i = 0; i < 3; i++) {
        note(notes, in8(PALETTE), "vga colour %u", i);
    }
}

void vga_note(uint32_t place, struct notes *notes)
{
    (void)place;
    note(notes, in8(ATTRIBUTES), "vga attribute index");
    note(notes, in8(PALETTE_INDEX), "vga palette index");
    note(notes, in8(MISCELLANEOUS_READ), "vga miscellaneous");
    for (unsigned i = 0; i < REGISTERS; i++) {
        out8(registers[i].port, registers[i].index);
        note(notes, in8(registers[i].port + 1), "vga 0x%x 0x%x", (uint32_t)registers[i].port,
             (uint32_t)registers[i].index);
    }
    note_palette(notes);
    note(notes, in16(EXTENSION), "vga extension");
    stop_half_way();
}
