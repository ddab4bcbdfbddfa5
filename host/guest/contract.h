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
#define MT_GUEST_KEPT 0x00001000 /* what it keeps over a suspend and a reset */
#define MT_GUEST_KEPT_END 0x00002000
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

/*
 * What it says: single bytes for what it says often, and else a line, which begins with this mark
 * and a byte for its kind, goes on with a space before each of its fields, and ends with a newline.
 * No firmware utters the mark. Until the first line of a start nothing on the serial line is the
 * guest's. A line that a migration interrupts goes on at the destination's end. Numbers are eight
 * hexadecimal digits each, unless something else is said.
 */
#define MT_GUEST_MARK "\001migtest "
#define MT_GUEST_LINE_SIZE 80 /* at most, behind the mark */

#define MT_GUEST_PASS 'B' /* a byte: one more pass over all pages is done */
#define MT_GUEST_BEAT '.' /* a byte: a sign of life, if asked for: after each so many pages */

/* A start, before anything else. The version of all this, as text, is its field. */
#define MT_GUEST_VERSION "1"
#define MT_GUEST_STARTED 'A' /* in a fresh machine; the fill comes next */
#define MT_GUEST_REBOOTED                                                                          \
    'Z'                    /* in one where it ran before: a reset; it begins again with a fill     \
                            */
#define MT_GUEST_WOKEN 'W' /* from a suspend, or by a reset in one; no fill */

/* Answers to commands, see below. Their field is the command's tag. */
#define MT_GUEST_DONE 'K'
#define MT_GUEST_UNKNOWN '?' /* no such command, or it cannot do that */

/*
 * Of a command that looks at CPUID, before its answer: leaf, subleaf, and of the whole the four
 * registers; of a difference the register's number (eax, ebx, ecx, edx), its value when the guest
 * started, and its value now. Leaves that are all zero are left out.
 */
#define MT_GUEST_CPUID 'I'
#define MT_GUEST_CPUID_DIFFERS 'D'
#define MT_GUEST_MOST_LEAVES 150

/* Complaints, of which each is the last thing that the guest says. */
#define MT_GUEST_WRONG 'X'          /* memory: address, expected and found */
#define MT_GUEST_REGISTER_WRONG 'R' /* a register: expected, found, and its name */
#define MT_GUEST_REFUSED 'G'        /* one that was there faults now: its name */
#define MT_GUEST_EXCEPTION 'E'      /* an exception of the CPU's: vector, error code, EIP */

/* A register is one of the CPU or of the board, that holds what it did at the start or the wake. */
#define MT_GUEST_NAME_SIZE 40

/* So many pages a second can it pace; without a pace it is faster. */
#define MT_GUEST_MOST_PER_SECOND 150000

/*
 * What it obeys, between two passes: a byte, and behind it a hexadecimal digit, the
 * command's tag, by which its answer is known from that to a command before. A command is lost that
 * comes while the guest is suspended, or shortly before a reset. The host sends the command again
 * when the guest starts before it has answered. The guest ignores a digit alone: the digit may be
 * the rest of a command that was lost.
 */
#define MT_GUEST_CHECK 'C'    /* compare every word of all pages, all registers, and CPUID */
#define MT_GUEST_COMPARE 'R'  /* compare all registers and CPUID */
#define MT_GUEST_NOTE 'N'     /* take the notes of all registers again, by which to compare */
#define MT_GUEST_IDENTIFY 'I' /* tell CPUID as it was at the start */
#define MT_GUEST_LIVE 'L'     /* beat from now on, until a suspend or a reset */
#define MT_GUEST_SUSPEND 'S'  /* suspend to RAM (ACPI S3), right after the answer */

/*
 * Dirty, until a suspend or a reset: so many pages a second (0: as fast as it can), every so many
 * of a working set (1: each), the working set in pages from the start of the range. These numbers
 * follow the tag. A pass is one over these pages, and what follows from address and generation
 * holds for them; all others are taken to the generation of the moment and stay at it.
 */
#define MT_GUEST_DIRTY 'D'

#endif
