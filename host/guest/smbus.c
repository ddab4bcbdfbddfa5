/* SPDX-License-Identifier: Apache-2.0 */
/* The SMBus controllers of both kinds of PC, and a memory module's EEPROM on the bus. */
#include "guest/devices.h"
#include "guest/io.h"

#define ICH9_ID 0x29308086
#define ICH9_BAR 4
#define ICH9_CONTROL 0x40
#define PIIX4_BASE 0x90
#define PIIX4_CONTROL 0xd2
#define ENABLE 0x01

#define STATUS 0
#define BUSY 0x01
#define ENDED 0x02
#define FAILED 0x1c
#define BYTE_READY 0x80
#define ALL_STATUS 0xfe
#define CONTROL 2
#define INTERRUPT 0x01
#define LAST_BYTE 0x20
#define BYTE_DATA (2 << 2)
#define I2C_BLOCK (6 << 2)
#define START 0x40
#define COMMAND 3
#define ADDRESS 4
#define EEPROM_WRITE 0xa0
#define EEPROM_READ 0xa1
#define DATA 5
#define SECOND_DATA 6
#define BLOCK_DATA 7
#define LOOKS 1000

#define BYTES 3
#define FIRST_BYTE 0x61

static bool is_ich9(uint32_t place)
{
    return pci_read32(place, PCI_ID) == ICH9_ID;
}

static uint16_t port_of(uint32_t place)
{
    return (uint16_t)(is_ich9(place) ? pci_bar(place, ICH9_BAR)
                                     : pci_read32(place, PIIX4_BASE) & 0xfffe);
}

static uint8_t read_register(uint16_t port, uint16_t offset)
{
    return in8((uint16_t)(port + offset));
}

static void write_register(uint16_t port, uint16_t offset, uint8_t value)
{
    out8((uint16_t)(port + offset), value);
}

/* Of a request that was started: how it ended. */
static uint32_t wait(uint16_t port)
{
    uint32_t status = 0;

    for (unsigned looks = 0; looks < LOOKS; looks++) {
        status = read_register(port, STATUS);
        if (status & (ENDED | FAILED | BYTE_READY)) {
            break;
        }
    }
    return status;
}

static uint32_t ask(uint16_t port, uint8_t address, uint8_t offset, uint8_t control)
{
    write_register(port, STATUS, ALL_STATUS);
    write_register(port, ADDRESS, address);
    write_register(port, COMMAND, offset);
    write_register(port, SECOND_DATA, offset);
    write_register(port, CONTROL, START | control);
    return wait(port);
}

/* Left in the middle of a transfer, with its interrupt pending. */
static void start_block(uint16_t port)
{
    ask(port, EEPROM_READ, 0, I2C_BLOCK | INTERRUPT);
}

void smbus_program(uint32_t place)
{
    if (is_ich9(place)) {
        pci_write8(place, ICH9_CONTROL, ENABLE);
    } else {
        pci_write8(place, PIIX4_CONTROL, ENABLE);
    }
    uint16_t port = port_of(place);
    for (uint8_t i = 0; i < BYTES; i++) {
        write_register(port, DATA, FIRST_BYTE + i);
        ask(port, EEPROM_WRITE, i, BYTE_DATA);
    }
    start_block(port);
}

static void note_next_byte(uint16_t port, struct notes *notes, uint32_t index)
{
    note(notes, wait(port), "smbus status at byte %u", index);
    note(notes, read_register(port, BLOCK_DATA), "smbus byte %u", index);
}

/* The bytes after the one that it was left at, of which the last ends the transfer. */
void smbus_note(uint32_t place, struct notes *notes)
{
    uint16_t port = port_of(place);

    note(notes, read_register(port, CONTROL), "smbus control");
    note(notes, read_register(port, ADDRESS), "smbus address");
    note_next_byte(port, notes, 0);
    write_register(port, STATUS, BYTE_READY);
    note_next_byte(port, notes, 1);
    write_register(port, CONTROL, I2C_BLOCK | LAST_BYTE | INTERRUPT);
    write_register(port, STATUS, BYTE_READY);
    note_next_byte(port, notes, 2);
    write_register(port, STATUS, ALL_STATUS);
    start_block(port);
}
