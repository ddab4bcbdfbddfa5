/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the registers of CPU and board hold, noted once they have their values and compared later:
 * one walk over all of them does either, so that no register can be in one and not in the other.
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
 * The next register has this value; where it is compared with another one, the guest says so by
 * the register's name, in which %u, %x and %s take their arguments, and halts.
 */
void note(struct notes *notes, uint32_t value, const char *name, ...)
    __attribute__((format(printf, 3, 4)));

/* A register differs: tells the host both values and the register's name, and halts. */
_Noreturn void notes_report(uint32_t expected, uint32_t found, const char *name, va_list values);

/* What is decided for this walk: when noting it is asked for, when comparing it is as it was. */
uint32_t notes_decide(struct notes *notes, uint32_t (*ask)(void));
uint32_t notes_decide_from(struct notes *notes, uint32_t (*ask)(uint32_t), uint32_t argument);

/* A register that was there faults now: says so by its name, and halts. */
_Noreturn void notes_tell_refused(const char *name, ...) __attribute__((format(printf, 1, 2)));

#endif
