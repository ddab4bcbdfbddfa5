/* SPDX-License-Identifier: Apache-2.0 */
#include "guest/common/serial.h"

#include "guest/contract.h"

void serial_begin(uint8_t kind)
{
    static const char mark[] = MT_GUEST_MARK;

    for (unsigned i = 0; mark[i] != '\0'; i++) {
        serial_write_patiently((uint8_t)mark[i]);
    }
    serial_write_patiently(kind);
}

void serial_end(void)
{
    serial_write_patiently('\n');
}

void serial_write_field(uint32_t value)
{
    serial_write_patiently(' ');
    for (int shift = 28; shift >= 0; shift -= 4) {
        serial_write_patiently((uint8_t) "0123456789abcdef"[value >> shift & 0xf]);
    }
}

static bool read_digit(uint32_t *ret_digit)
{
    uint8_t byte;

    if (!serial_read_patiently(&byte)) {
        return false;
    }
    *ret_digit = byte >= 'a' ? byte - (uint32_t)'a' + 10 : byte - (uint32_t)'0';
    return *ret_digit < 16;
}

bool serial_read_hex(uint32_t *ret_value)
{
    uint32_t value = 0;

    for (int digits = 0; digits < 8; digits++) {
        uint32_t digit;
        if (!read_digit(&digit)) {
            return false;
        }
        value = value << 4 | digit;
    }
    *ret_value = value;
    return true;
}
