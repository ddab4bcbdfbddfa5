/* SPDX-License-Identifier: Apache-2.0 */
#include "guest/common/notes.h"

#include <stdarg.h>

#include "arch/io.h"
#include "guest/common/serial.h"
#include "guest/contract.h"

static volatile uint32_t *const first_note = (volatile uint32_t *)MT_GUEST_NOTES;
static volatile uint32_t *const end_of_notes = (volatile uint32_t *)MT_GUEST_NOTES_END;

void notes_begin(struct notes *notes)
{
    *notes = (struct notes){.next = first_note, .comparing = false};
}

void notes_begin_comparing(struct notes *notes)
{
    *notes = (struct notes){.next = first_note, .comparing = true};
}

static void write_text(const char *text)
{
    for (; *text != '\0'; text++) {
        serial_write_patiently((uint8_t)*text);
    }
}

static void write_number(uint32_t value, uint32_t base)
{
    if (value >= base) {
        write_number(value / base, base);
    }
    serial_write_patiently((uint8_t) "0123456789abcdef"[value % base]);
}

static void write_name(const char *name, va_list values)
{
    for (; *name != '\0'; name++) {
        if (*name != '%') {
            serial_write_patiently((uint8_t)*name);
            continue;
        }
        name++;
        if (*name == 's') {
            write_text(va_arg(values, const char *));
        } else {
            write_number(va_arg(values, uint32_t), *name == 'x' ? 16 : 10);
        }
    }
}

_Noreturn void notes_report(uint32_t expected, uint32_t found, const char *name, va_list values)
{
    serial_begin(MT_GUEST_REGISTER_WRONG);
    serial_write_field(expected);
    serial_write_field(found);
    serial_write_patiently(' ');
    write_name(name, values);
    serial_end();
    halt();
}

_Noreturn void notes_tell_refused(const char *name, ...)
{
    va_list values;

    va_start(values, name);
    serial_begin(MT_GUEST_REFUSED);
    serial_write_patiently(' ');
    write_name(name, values);
    va_end(values);
    serial_end();
    halt();
}

void note(struct notes *notes, uint32_t value, const char *name, ...)
{
    bool full = notes->next >= end_of_notes;
    va_list values;

    va_start(values, name);
    if (full || (notes->comparing && *notes->next != value)) {
        notes_report(full ? 0 : *notes->next, value, name, values);
    }
    va_end(values);
    if (!notes->comparing) {
        *notes->next = value;
    }
    notes->next++;
}

/* Where there is no room any more, the next note says so. */
static uint32_t keep(struct notes *notes, uint32_t value)
{
    if (notes->next >= end_of_notes) {
        return 0;
    }
    if (!notes->comparing) {
        *notes->next = value;
    }
    return *notes->next++;
}

uint32_t notes_decide(struct notes *notes, uint32_t (*ask)(void))
{
    return keep(notes, notes->comparing ? 0 : ask());
}

uint32_t notes_decide_from(struct notes *notes, uint32_t (*ask)(uint32_t), uint32_t argument)
{
    return keep(notes, notes->comparing ? 0 : ask(argument));
}
