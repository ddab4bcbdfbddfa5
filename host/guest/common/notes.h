/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The values of the registers of CPU and board. They are noted when the registers have been set,
 * and compared later. The same walk over all registers does both, so that no register is noted and
 * not compared.
 */
#ifndef MT_GUEST_COMMON_NOTES_H
#define MT_GUEST_COMMON_NOTES_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

struct notes {
    volatile uint32_t *next;
    bool comparing;
};

void notes_begin(struct notes *notes);
void notes_begin_comparing(struct notes *notes);

/*
 * The next register of the walk has this value. If the value was another when it was noted, the
 * guest reports the register by its name, in which %u, %x and %s take their arguments, and halts.
 */
void note(struct notes *notes, uint32_t value, const char *name, ...)
    __attribute__((format(printf, 3, 4)));

/* Tells the host both values of a register and its name, and halts. */
_Noreturn void notes_report(uint32_t expected, uint32_t found, const char *name, va_list values);

/* A decision that a walk depends on. Noting asks for it; comparing uses the noted decision. */
uint32_t notes_decide(struct notes *notes, uint32_t (*ask)(void));
uint32_t notes_decide_from(struct notes *notes, uint32_t (*ask)(uint32_t), uint32_t argument);

/* Tells the host the name of a register that was there and faults now, and halts. */
_Noreturn void notes_tell_refused(const char *name, ...) __attribute__((format(printf, 1, 2)));

#endif
