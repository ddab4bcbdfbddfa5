/* SPDX-License-Identifier: Apache-2.0 */
/* Ports, and devices' registers in memory. */
#ifndef MT_GUEST_X86_ARCH_IO_H
#define MT_GUEST_X86_ARCH_IO_H

#include <stdint.h>

#include "arch/notice.h"

static inline uint8_t in8(uint16_t port)
{
    uint8_t value;

    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    drop_stack_translation();
    return value;
}

static inline uint16_t in16(uint16_t port)
{
    uint16_t value;

    __asm__ volatile("inw %1, %0" : "=a"(value) : "Nd"(port));
    drop_stack_translation();
    return value;
}

static inline uint32_t in32(uint16_t port)
{
    uint32_t value;

    __asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
    drop_stack_translation();
    return value;
}

static inline void out8(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
    drop_stack_translation();
}

static inline void out16(uint16_t port, uint16_t value)
{
    __asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port));
    drop_stack_translation();
}

static inline void out32(uint16_t port, uint32_t value)
{
    __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port));
    drop_stack_translation();
}

/* Registers of devices in memory. */
static inline uint32_t mmio_read32(uint32_t address)
{
    uint32_t value = *(volatile uint32_t *)address;

    drop_stack_translation();
    return value;
}

static inline uint16_t mmio_read16(uint32_t address)
{
    uint16_t value = *(volatile uint16_t *)address;

    drop_stack_translation();
    return value;
}

static inline uint8_t mmio_read8(uint32_t address)
{
    uint8_t value = *(volatile uint8_t *)address;

    drop_stack_translation();
    return value;
}

static inline void mmio_write16(uint32_t address, uint16_t value)
{
    *(volatile uint16_t *)address = value;
    drop_stack_translation();
}

static inline void mmio_write8(uint32_t address, uint8_t value)
{
    *(volatile uint8_t *)address = value;
    drop_stack_translation();
}

static inline void mmio_write32(uint32_t address, uint32_t value)
{
    *(volatile uint32_t *)address = value;
    drop_stack_translation();
}

/* Lets QEMU's other threads have their turn: a read of a port that nothing is at. */
static inline void look_away(void)
{
    in8(0x80);
}

_Noreturn static inline void halt(void)
{
    for (;;) {
        __asm__ volatile("cli; hlt" : : : "memory");
    }
}

#endif
