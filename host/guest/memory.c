/* SPDX-License-Identifier: Apache-2.0 */
#include "guest/memory.h"

#include "guest/io.h"
#include "guest/once.h"
#include "guest/pages.h"
#include "guest/ram.h"
#include "guest/serial.h"

void memory_fill(void)
{
    once_write();
    pages_fill(!ram_has_firmware());
}

void memory_wake(void)
{
    if (ram_has_firmware()) {
        once_write();
    }
}

void memory_check(const struct dirtying *dirtying, uint32_t generation)
{
    once_check();
    dirtying_check(dirtying, generation);
}

_Noreturn void memory_wrong(const volatile uint32_t *word, uint32_t expected, uint32_t found)
{
    serial_write_patiently(MT_GUEST_WRONG);
    serial_write_hex((uint32_t)word);
    serial_write_patiently(' ');
    serial_write_hex(expected);
    serial_write_patiently(' ');
    serial_write_hex(found);
    serial_write_patiently('\n');
    halt();
}
