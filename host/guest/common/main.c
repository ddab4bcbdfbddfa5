/* SPDX-License-Identifier: Apache-2.0 */
/* The guest program: passes over its memory for ever, and obeys the host between them. */
#include "guest/common/dirtying.h"
#include "guest/common/machine.h"
#include "guest/common/memory.h"
#include "guest/common/serial.h"
#include "guest/contract.h"

static void answer(uint8_t kind, uint8_t tag)
{
    serial_begin(kind);
    serial_write_patiently(' ');
    serial_write_patiently(tag);
    serial_end();
}

/* Whether it could be done. */
static bool obey(uint8_t command, uint8_t tag, uint32_t generation, struct dirtying *dirtying,
                 bool *beat)
{
    switch (command) {
    case MT_GUEST_CHECK:
        memory_check(dirtying, generation);
        machine_tell_differences();
        machine_compare();
        return true;
    case MT_GUEST_COMPARE:
        machine_tell_differences();
        machine_compare();
        return true;
    case MT_GUEST_NOTE:
        machine_note();
        return true;
    case MT_GUEST_IDENTIFY:
        machine_identify();
        return true;
    case MT_GUEST_LIVE:
        *beat = true;
        return true;
    case MT_GUEST_DIRTY:
        return dirtying_obey(dirtying, generation);
    case MT_GUEST_SUSPEND:
        dirtying_end(dirtying, generation);
        answer(MT_GUEST_DONE, tag);
        machine_suspend(generation);
    default:
        return false;
    }
}

static bool is_digit(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f');
}

static void take_command(uint32_t generation, struct dirtying *dirtying, bool *beat)
{
    uint8_t command;
    uint8_t tag;

    if (!serial_read(&command) || is_digit(command) || !serial_read_patiently(&tag)) {
        return;
    }
    bool done = obey(command, tag, generation, dirtying, beat);
    answer(done ? MT_GUEST_DONE : MT_GUEST_UNKNOWN, tag);
}

static void greet(enum start start)
{
    static const uint8_t kinds[] = {
        [START_FRESH] = MT_GUEST_STARTED,
        [START_REBOOTED] = MT_GUEST_REBOOTED,
        [START_WOKEN] = MT_GUEST_WOKEN,
    };
    static const char version[] = " " MT_GUEST_VERSION;

    serial_begin(kinds[start]);
    for (unsigned i = 0; version[i] != '\0'; i++) {
        serial_write_patiently((uint8_t)version[i]);
    }
    serial_end();
}

/* The mark of a wake is a register too: it is taken first. */
static uint32_t begin(void)
{
    uint32_t generation = MT_GUEST_FIRST_GENERATION;
    enum start start = machine_start(&generation);

    greet(start);
    if (start != START_WOKEN) {
        machine_decide();
    }
    machine_program();
    if (start == START_WOKEN) {
        memory_wake();
    } else {
        memory_fill(start == START_FRESH);
    }
    if (start != START_FRESH) {
        memory_settle();
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
        uint32_t began = rest_clock();
        dirtying_pass(&dirtying, generation + 1, beat);
        serial_write(MT_GUEST_PASS);
        if (dirtying.rests && !beat) {
            rest(rest_clock() - began);
        }
        take_command(generation + 1, &dirtying, &beat);
    }
}
