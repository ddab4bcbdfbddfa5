/* SPDX-License-Identifier: Apache-2.0 */
/* PCI bus 0: which functions there are, and where their registers lie. */
#ifndef MT_GUEST_COMMON_PCI_H
#define MT_GUEST_COMMON_PCI_H

#include <stdint.h>

#include "arch/pci_config.h"

#define PCI_ID 0x00
#define PCI_COMMAND 0x04
#define PCI_HEADER 0x0c
#define PCI_BAR(index) ((uint8_t)(0x10 + 4 * (index)))
#define PCI_SUBSYSTEM 0x2c
#define PCI_CAPABILITIES 0x34
#define PCI_INTERRUPT 0x3c

/* The function that comes after that one, of those that are there now; PCI_NONE: the first, the
 * last.
 */
uint32_t pci_next(uint32_t place);

/* Calls visit for each function that is there, with its PCI_FUNCTION(). */
void pci_for_each(void (*visit)(uint32_t place, void *context), void *context);

/* Gives BARs their places where firmware did not, and lets the functions answer there. */
void pci_program(void);

/* Where a BAR's memory or ports are; 0 if it has none. */
uint32_t pci_bar(uint32_t place, uint32_t index);

#endif
