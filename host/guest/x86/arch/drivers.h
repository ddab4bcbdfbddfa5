/* SPDX-License-Identifier: Apache-2.0 */
/* The drivers of PCI devices that have ports as well as memory: rows for the table of devices.c. */
#ifndef MT_GUEST_X86_ARCH_DRIVERS_H
#define MT_GUEST_X86_ARCH_DRIVERS_H

#include <stdint.h>

struct notes;

void vga_program(uint32_t place);
void vga_note(uint32_t place, struct notes *notes);

#define ARCH_DRIVERS                                                                               \
    {                                                                                              \
        0x1234, 0x1111, vga_program, vga_note, NULL                                                \
    }

#endif
