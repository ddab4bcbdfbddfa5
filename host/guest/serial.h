/* SPDX-License-Identifier: Apache-2.0 */
/* The first serial port. */
#ifndef MT_GUEST_SERIAL_H
#define MT_GUEST_SERIAL_H

#include <stdbool.h>
#include <stdint.h>

void serial_init(void);
void serial_write(uint8_t byte);
void serial_write_hex(uint32_t value);

/* Whether a byte has come; if so, takes it. */
bool serial_read(uint8_t *ret_byte);

#endif
