/* SPDX-License-Identifier: Apache-2.0 */
/* x86 I/O ports. */
#ifndef MT_GUEST_PORTS_H
#define MT_GUEST_PORTS_H

#include <stdint.h>

static inline void write_port8(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline void write_port16(uint16_t port, uint16_t value)
{
    __asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

static inline void write_port32(uint16_t port, uint32_t value)
{
    __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t read_port8(uint16_t port)
{
    uint8_t value;

    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline uint32_t read_port32(uint16_t port)
{
    uint32_t value;

    __asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline void halt_for_good(void)
{
    for (;;) {
        __asm__ volatile("cli; hlt");
    }
}

#endif
