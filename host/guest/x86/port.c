/* SPDX-License-Identifier: Apache-2.0 */
/* The first serial port: a 16550A. */
#include "arch/io.h"
#include "guest/common/serial.h"
#include "guest/contract.h"

#define DATA MT_GUEST_SERIAL_PORT
#define INTERRUPTS (MT_GUEST_SERIAL_PORT + 1)
#define FIFOS (MT_GUEST_SERIAL_PORT + 2)
#define LINE_CONTROL (MT_GUEST_SERIAL_PORT + 3)
#define MODEM_CONTROL (MT_GUEST_SERIAL_PORT + 4)
#define LINE_STATUS (MT_GUEST_SERIAL_PORT + 5)

#define EIGHT_BITS 0x03
#define READY_AND_REQUEST 0x03
#define RECEIVED 0x01
#define MAY_TRANSMIT 0x20

/* In looks at the port: about a third of a millisecond, and half a minute, under TCG. */
#define PASSING_PATIENCE 1000
#define LONG_PATIENCE 100000000

/* No FIFOs: with them a command waits in the device, without them in the host's socket. */
void serial_init(void)
{
    out8(LINE_CONTROL, EIGHT_BITS);
    out8(INTERRUPTS, 0);
    out8(FIFOS, 0);
    out8(MODEM_CONTROL, READY_AND_REQUEST);
}

static void write_within(uint8_t byte, unsigned patience)
{
    for (unsigned looks = 0; looks < patience; looks++) {
        if (in8(LINE_STATUS) & MAY_TRANSMIT) {
            break;
        }
    }
    out8(DATA, byte);
}

void serial_write(uint8_t byte)
{
    write_within(byte, PASSING_PATIENCE);
}

void serial_write_patiently(uint8_t byte)
{
    write_within(byte, LONG_PATIENCE);
}

bool serial_has_byte(void)
{
    return (in8(LINE_STATUS) & RECEIVED) != 0;
}

bool serial_read(uint8_t *ret_byte)
{
    if (!serial_has_byte()) {
        return false;
    }
    *ret_byte = in8(DATA);
    return true;
}

bool serial_read_patiently(uint8_t *ret_byte)
{
    for (unsigned looks = 0; looks < LONG_PATIENCE; looks++) {
        if (serial_read(ret_byte)) {
            return true;
        }
    }
    return false;
}
