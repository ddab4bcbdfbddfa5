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
 * A page is little-endian 32-bit words: the first is its generation, which is the first generation
 * after the fill and one more after each pass; the second and the last are its signatures; the rest
 * is zero, as RAM is at power-on. During a pass, pages below its place are one generation ahead.
 *
 * The factor is odd, so no two pages share a signature; a page's address ends in twelve zero bits
 * and so does its head, while its tail ends in twelve ones, so no head is a tail.
 */
#define MT_GUEST_PAGE_WORDS (MT_GUEST_PAGE_SIZE / 4)
#define MT_GUEST_FIRST_GENERATION 1
#define MT_GUEST_GENERATION_WORD 0
#define MT_GUEST_HEAD_WORD 1
#define MT_GUEST_TAIL_WORD (MT_GUEST_PAGE_WORDS - 1)
#define MT_GUEST_HEAD(page) (((page)*0x9e3779b1) & 0xffffffff)
#define MT_GUEST_TAIL(page) (MT_GUEST_HEAD(page) ^ 0xffffffff)

/* Where it lives: all in RAM, so all of it migrates. */
#define MT_GUEST_KEPT 0x00001000 /* two words kept over a suspend; reported too when wrong */
#define MT_GUEST_PROGRAM 0x00010000
#define MT_GUEST_NOTES 0x00020000 /* what its registers held, one word each */
#define MT_GUEST_NOTES_END 0x00030000
#define MT_GUEST_DEVICES                                                                           \
    0x00030000 /* rings and buffers: a page for each device number of PCI bus 0 */
#define MT_GUEST_BALLOON_PAGE 0x00050000 /* zero, and in the balloon: not to be used */
#define MT_GUEST_STACK_TOP 0x00080000

/*
 * It talks on the first serial port, a byte at a time. When the host lets its end fill up, PASS
 * bytes (and for half a minute no others) are lost, and the passes become slower.
 */
#define MT_GUEST_SERIAL_PORT 0x3f8

/* What it says. */
#define MT_GUEST_STARTED 'A'    /* a fresh start; the fill comes next */
#define MT_GUEST_WOKEN 'W'      /* woken from, or reset in, a suspend; no STARTED, no fill */
#define MT_GUEST_PASS 'B'       /* one more pass over all pages is done */
#define MT_GUEST_CHECKED 'K'    /* the answer to CHECK: every word and register is right */
#define MT_GUEST_SAME 'k'       /* the answer to COMPARE: every register is right */
#define MT_GUEST_SUSPENDING 's' /* the answer to SUSPEND: the very next thing is the suspend */
#define MT_GUEST_UNKNOWN '?'    /* the answer to any other byte */

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

/* What it obeys, between two passes. What comes while it is suspended is lost at the wake. */
#define MT_GUEST_CHECK 'C'   /* compare every word of all pages, and all registers */
#define MT_GUEST_COMPARE 'R' /* compare all registers */
#define MT_GUEST_SUSPEND 'S' /* suspend to RAM (ACPI S3) */

#endif
