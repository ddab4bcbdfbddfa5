/* SPDX-License-Identifier: Apache-2.0 */
/* What the program says and reads: lines and numbers, over the serial port. */
#ifndef MT_GUEST_COMMON_SERIAL_H
#define MT_GUEST_COMMON_SERIAL_H

#include <stdbool.h>
#include <stdint.h>

void serial_init(void);

/* For what is only news: a host that does not listen must not stop the passes, and misses some. */
void serial_write(uint8_t byte);

/* For what the host asked or must learn: waits for it far longer, though not for ever. */
void serial_write_patiently(uint8_t byte);

/* A line of contract.h: its mark and kind, its fields, its end. All of it patiently. */
void serial_begin(uint8_t kind);
void serial_write_field(uint32_t value);
void serial_end(void);

/* Whether a byte has come. */
bool serial_has_byte(void);

/* The same; if so, takes it. */
bool serial_read(uint8_t *ret_byte);

/* Waits for it, though not for ever. */
bool serial_read_patiently(uint8_t *ret_byte);

/* Takes eight digits, for which it waits; false where others come, or none. */
bool serial_read_hex(uint32_t *ret_value);

#endif
