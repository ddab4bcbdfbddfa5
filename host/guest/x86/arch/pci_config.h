/* SPDX-License-Identifier: Apache-2.0 */
/* PCI configuration space of bus 0, by the ports that every PC has. */
#ifndef MT_GUEST_X86_ARCH_PCI_CONFIG_H
#define MT_GUEST_X86_ARCH_PCI_CONFIG_H

#include <stdint.h>

#include "arch/io.h"

#define PCI_ADDRESS 0xcf8
#define PCI_DATA 0xcfc
#define PCI_FUNCTION(device, function) (0x80000000 | (device) << 11 | (function) << 8)
#define PCI_NONE 0
#define PCI_DEVICE_OF(place) ((place) >> 11 & 0x1f)
#define PCI_FUNCTION_OF(place) ((place) >> 8 & 7)

static inline uint32_t pci_read32(uint32_t function, uint8_t offset)
{
    out32(PCI_ADDRESS, function | offset);
    return in32(PCI_DATA);
}

static inline void pci_write32(uint32_t function, uint8_t offset, uint32_t value)
{
    out32(PCI_ADDRESS, function | offset);
    out32(PCI_DATA, value);
}

static inline void pci_write8(uint32_t function, uint8_t offset, uint8_t value)
{
    out32(PCI_ADDRESS, function | (offset & 0xfc));
    out8((uint16_t)(PCI_DATA + (offset & 3)), value);
}

static inline void pci_write16(uint32_t function, uint8_t offset, uint16_t value)
{
    out32(PCI_ADDRESS, function | (offset & 0xfc));
    out16((uint16_t)(PCI_DATA + (offset & 2)), value);
}

static inline uint16_t pci_read16(uint32_t function, uint8_t offset)
{
    out32(PCI_ADDRESS, function | (offset & 0xfc));
    return in16((uint16_t)(PCI_DATA + (offset & 2)));
}

static inline uint8_t pci_read8(uint32_t function, uint8_t offset)
{
    return (uint8_t)(pci_read32(function, offset & 0xfc) >> (offset & 3) * 8);
}

static inline void pci_set32(uint32_t function, uint8_t offset, uint32_t bits)
{
    pci_write32(function, offset, pci_read32(function, offset) | bits);
}

#endif
