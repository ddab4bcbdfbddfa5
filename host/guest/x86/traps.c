/* SPDX-License-Identifier: Apache-2.0 */
#include "arch/traps.h"

#include <stddef.h>

#include "arch/io.h"
#include "guest/common/notes.h"
#include "guest/common/serial.h"
#include "guest/contract.h"

#define CARRY 0x1

/* As descriptors.inc leaves it on the stack. */
struct trap {
    uint32_t registers[8];
    uint32_t vector;
    uint32_t error_code;
    uint32_t eip;
    uint32_t cs;
    uint32_t eflags;
};

/* Placed by program.ld. */
extern const struct fixup fixups[];
extern const struct fixup end_of_fixups[];

_Noreturn static void complain(const struct trap *trap)
{
    serial_begin(MT_GUEST_EXCEPTION);
    serial_write_field(trap->vector);
    serial_write_field(trap->error_code);
    serial_write_field(trap->eip);
    serial_end();
    halt();
}

void traps_handle(struct trap *trap);

void traps_handle(struct trap *trap)
{
    for (const struct fixup *fixup = fixups; fixup < end_of_fixups; fixup++) {
        if (fixup->at != trap->eip) {
            continue;
        }
        if (fixup->name != NULL) {
            notes_tell_refused("%s", fixup->name);
        }
        trap->eip = fixup->to;
        trap->eflags |= CARRY;
        return;
    }
    complain(trap);
}
