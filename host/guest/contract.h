/* SPDX-License-Identifier: Apache-2.0 */
/* What the guest program promises the host. For C and for assembler, so plain numbers only. */
#ifndef MT_GUEST_CONTRACT_H
#define MT_GUEST_CONTRACT_H

/* The pages it changes: one after the other, upwards, pass after pass, for ever. */
#define MT_GUEST_TEST_START 0x00100000
#define MT_GUEST_TEST_END 0x06400000 /* exclusive */
#define MT_GUEST_PAGE_SIZE 4096
#define MT_GUEST_PAGES ((MT_GUEST_TEST_END - MT_GUEST_TEST_START) / MT_GUEST_PAGE_SIZE)

/*
 * What they hold follows from address and generation (pages.h). The generation is the first after
 * the fill and one more after each pass; during a pass, pages below its place are one ahead.
 */
#define MT_GUEST_PAGE_WORDS (MT_GUEST_PAGE_SIZE / 4)
#define MT_GUEST_FIRST_GENERATION 1

/* Where it starts without firmware. */
#define MT_GUEST_ROM 0xffff0000

/* Where it lives: all in RAM, so all of it migrates. */
#define MT_GUEST_KEPT 0x00001000     /* words kept over a suspend; reported too when wrong */
#define MT_GUEST_LOW_ONCE 0x00002000 /* written once, as are pages above the test range */
#define MT_GUEST_LOW_ONCE_END 0x00006000
#define MT_GUEST_PROGRAM 0x00010000
#define MT_GUEST_NOTES 0x00020000 /* what its registers held, one word each */
#define MT_GUEST_NOTES_END 0x00030000
/* Rings and buffers: a page for each device number of PCI bus 0. */
#define MT_GUEST_DEVICES 0x00030000
#define MT_GUEST_BALLOON_PAGE 0x00050000 /* zero, and in the balloon: not to be used */
#define MT_GUEST_DRIVING 0x00051000      /* which devices were brought up */
#define MT_GUEST_STACK_TOP 0x00080000
#define MT_GUEST_TABLE MT_GUEST_TEST_END /* of what the pages hold; written once, too */
#define MT_GUEST_TABLE_END (MT_GUEST_TABLE + 0x00040000)

/*
 * It talks on the first serial port, a byte at a time. When the host lets its end fill up, PASS
 * bytes (and for half a minute no others) are lost, and the passes become slower.
 */
#define MT_GUEST_SERIAL_PORT 0x3f8

/*
 * Under TCG it rests after each pass, unless it beats or was told what to dirty: a guest that never
 * rests takes a core from the migration that is to be tested. So many times as long as the pass
 * took, as that is long where the machine is busy, within these bounds; a command ends the rest.
 */
#define MT_GUEST_REST_PER_PASS 4
#define MT_GUEST_LEAST_REST_MS 15
#define MT_GUEST_MOST_REST_MS 50
#define MT_GUEST_REST_STEP_MS 5 /* so often it looks for a command */

/* So many pages, some thousandths of a second even under a software KVM, lie between two beats. */
#define MT_GUEST_PAGES_IN_BEAT 2048

/* What it says. */
#define MT_GUEST_STARTED 'A'    /* a fresh start; the fill comes next */
#define MT_GUEST_WOKEN 'W'      /* woken from, or reset in, a suspend; no STARTED, no fill */
#define MT_GUEST_PASS 'B'       /* one more pass over all pages is done */
#define MT_GUEST_CHECKED 'K'    /* the answer to CHECK: every word and register is right */
#define MT_GUEST_BEAT '.'       /* a sign of life, if asked for: after each so many pages */
#define MT_GUEST_SAME 'k'       /* the answer to COMPARE: every register is right */
#define MT_GUEST_DIRTIES 'd'    /* the answer to DIRTY: so it does from now on */
#define MT_GUEST_SUSPENDING 's' /* the answer to SUSPEND: the very next thing is the suspend */
#define MT_GUEST_UNKNOWN '?'    /* the answer to any other byte, and to what it cannot do */

/*
 * Memory is wrong: this byte, then address, expected and found as eight hexadecimal digits each,
 * separated by a space, then a newline. It is the last thing that the guest says.
 */
#define MT_GUEST_WRONG 'X'

/*
 * A register of the CPU or of the board is not what it was after the start or the wake, when the
 * program gave it a value: this byte, then expected and found as eight hexadecimal digits each,
 * then the register's name of at most MT_GUEST_NAME_SIZE characters, separated by a space, then a
 * newline. The last thing that the guest says, too.
 */
#define MT_GUEST_REGISTER_WRONG 'R'
#define MT_GUEST_NAME_SIZE 40

/* So many pages a second can it pace; without a pace it is faster. */
#define MT_GUEST_MOST_PER_SECOND 150000

/* What it obeys, between two passes. What comes while it is suspended is lost at the wake. */
#define MT_GUEST_CHECK 'C'   /* compare every word of all pages, and all registers */
#define MT_GUEST_COMPARE 'R' /* compare all registers */
#define MT_GUEST_HURRY 'H'   /* begin the next pass at once; not answered */
#define MT_GUEST_LIVE 'L'    /* beat from now on, until a suspend */
#define MT_GUEST_SUSPEND 'S' /* suspend to RAM (ACPI S3) */

/*
 * Dirty, until a suspend: so many pages a second (0: as fast as it can), every so many of a working
 * set (1: each), the working set in pages from the start of the range. Each number follows as eight
 * hexadecimal digits. A pass is one over these pages, and what follows from address and generation
 * holds for them; all others are taken to the generation of the moment and stay at it.
 */
#define MT_GUEST_DIRTY 'D'

#endif
