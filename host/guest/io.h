/* SPDX-License-Identifier: Apache-2.0 */
/* Ports, and devices' registers in memory. */
#ifndef MT_GUEST_IO_H
#define MT_GUEST_IO_H

#include <stdint.h>

/*
 * QEMU collects the dirty pages without telling TCG which pages the guest may not write to
 * unnoticed any more; that is right again when a page's translation has been dropped. Since 9.0 it
 * does tell, but not when all that it collects was known to be dirty already: without
 * dropping, 10.0.2 lost 88 and 1151 pages at switchovers that were held. It collects while the
 * guest waits in port I/O, so that what the guest did to its stack next got lost in three of a
 * hundred migrations (7.2, two busy CPUs). Dropping it here costs next to nothing.
 */
static inline void drop_stack_translation(void)
{
    __asm__ volatile("invlpg (%%esp)" : : : "memory");
}

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

_Noreturn static inline void halt(void)
{
    for (;;) {
        __asm__ volatile("cli; hlt" : : : "memory");
    }
}

#endif
