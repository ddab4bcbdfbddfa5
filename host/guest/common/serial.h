/* SPDX-License-Identifier: Apache-2.0 */
/* What the program says and reads: lines and numbers, over the serial port. */
#ifndef MT_GUEST_COMMON_SERIAL_H
#define MT_GUEST_COMMON_SERIAL_H

#include <stdbool.h>
#include <stdint.h>

void serial_init(void);

/* For passes and beats. A host that does not read must not stop the passes, so bytes may be lost.
 */
void serial_write(uint8_t byte);

/* For answers and complaints. Waits far longer for the host, but not without end. */
void serial_write_patiently(uint8_t byte);

/* A line of contract.h: mark and kind, fields, end. All bytes are written patiently. */
void serial_begin(uint8_t kind);
void serial_write_field(uint32_t value);
void serial_end(void);

/* Whether a byte of the host has come. */
bool serial_has_byte(void);

/* The same, and takes the byte. */
bool serial_read(uint8_t *ret_byte);

/* Waits for a byte, but not without end. */
bool serial_read_patiently(uint8_t *ret_byte);

/* Waits for eight digits and takes them. Returns false if other bytes come, or none. */
bool serial_read_hex(uint32_t *ret_value);

#endif
