/* SPDX-License-Identifier: Apache-2.0 */
/* The guest program: passes over its memory for ever, and obeys the host between them. */
#include "guest/contract.h"
#include "guest/dirtying.h"
#include "guest/memory.h"
#include "guest/power.h"
#include "guest/registers.h"
#include "guest/rest.h"
#include "guest/serial.h"

static void obey(uint8_t command, uint32_t generation, struct dirtying *dirtying, bool *beat)
{
    switch (command) {
    case MT_GUEST_CHECK:
        memory_check(dirtying, generation);
        registers_compare();
        serial_write_patiently(MT_GUEST_CHECKED);
        break;
    case MT_GUEST_COMPARE:
        registers_compare();
        serial_write_patiently(MT_GUEST_SAME);
        break;
    case MT_GUEST_HURRY:
        break;
    case MT_GUEST_LIVE:
        *beat = true;
        break;
    case MT_GUEST_DIRTY:
        serial_write_patiently(dirtying_obey(dirtying, generation) ? MT_GUEST_DIRTIES
                                                                   : MT_GUEST_UNKNOWN);
        break;
    case MT_GUEST_SUSPEND:
        dirtying_end(dirtying, generation);
        power_suspend(generation);
    default:
        serial_write_patiently(MT_GUEST_UNKNOWN);
    }
}

/* The mark of a wake is a register too: it is taken first. */
static uint32_t begin(void)
{
    uint32_t generation = MT_GUEST_FIRST_GENERATION;
    bool woken = power_has_woken(&generation);

    registers_program();
    if (woken) {
        memory_wake();
        serial_write(MT_GUEST_WOKEN);
    } else {
        serial_write(MT_GUEST_STARTED);
        memory_fill();
    }
    return generation;
}

_Noreturn void guest_main(void);

_Noreturn void guest_main(void)
{
    struct dirtying dirtying;
    bool beat = false;

    serial_init();
    dirtying_all(&dirtying);
    for (uint32_t generation = begin();; generation++) {
        uint8_t command;

        uint32_t began = rest_clock();
        dirtying_pass(&dirtying, generation + 1, beat);
        serial_write(MT_GUEST_PASS);
        if (dirtying.rests && !beat) {
            rest(rest_clock() - began);
        }
        if (serial_read(&command)) {
            obey(command, generation + 1, &dirtying, &beat);
        }
    }
}
