/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The registers of the CPU and of the board. A migration that loses one must not find the value of
 * a reset in it, so the program gives them all others. None of it makes an interrupt possible.
 */
#ifndef MT_GUEST_X86_REGISTERS_H
#define MT_GUEST_X86_REGISTERS_H

#include "guest/common/notes.h"

/* The parts: each programs what it has, and walks over it without changing it. */
void cpu_program(void);
void cpu_note(struct notes *notes);
void fpu_program(void);
void fpu_note(struct notes *notes);
void msr_program(void);
void msr_note(struct notes *notes);
void interrupts_program(void);
void interrupts_note(struct notes *notes);
void timers_program(void);
void timers_note(struct notes *notes);
void tables_program(void);
void tables_note(struct notes *notes);
void pointer_program(void);
void pointer_note(struct notes *notes);
void floppy_program(void);
void floppy_note(struct notes *notes);
void chipset_program(void);
void chipset_note(struct notes *notes);
void legacy_program(void);
void legacy_note(struct notes *notes);
void keyboard_program(void);
void keyboard_note(struct notes *notes);

#endif
