/* SPDX-License-Identifier: Apache-2.0 */
#include "guest/common/complaint.h"

#include "arch/io.h"
#include "guest/common/serial.h"
#include "guest/contract.h"

_Noreturn void complain_of_memory(const volatile uint32_t *word, uint32_t expected, uint32_t found)
{
    serial_begin(MT_GUEST_WRONG);
    serial_write_field((uint32_t)word);
    serial_write_field(expected);
    serial_write_field(found);
    serial_end();
    halt();
}
