/* SPDX-License-Identifier: Apache-2.0 */
/* What the guest program promises the host. C and assembler read it, so it has plain numbers only.
 */
#ifndef MT_GUEST_CONTRACT_H
#define MT_GUEST_CONTRACT_H

/* The pages that the guest changes: one after the other, upwards, pass after pass, without end. */
#define MT_GUEST_TEST_START 0x00100000
#define MT_GUEST_TEST_END 0x06400000 /* exclusive */
#define MT_GUEST_PAGE_SIZE 4096
#define MT_GUEST_PAGES ((MT_GUEST_TEST_END - MT_GUEST_TEST_START) / MT_GUEST_PAGE_SIZE)

/*
 * The content of a page follows from its address and its generation (pages.h). After the fill all
 * pages have the first generation, and after each pass the next one. During a pass, the pages that
 * the pass has reached are one generation ahead.
 */
#define MT_GUEST_PAGE_WORDS (MT_GUEST_PAGE_SIZE / 4)
#define MT_GUEST_FIRST_GENERATION 1

/* Where the program starts without firmware. */
#define MT_GUEST_ROM 0xffff0000

/* Where the program and its data are. All of this is RAM, so all of it migrates. */
#define MT_GUEST_KEPT 0x00001000 /* data that survives a suspend and a reset */
#define MT_GUEST_KEPT_END 0x00002000
#define MT_GUEST_LOW_ONCE 0x00002000 /* written once, like pages above the test range */
#define MT_GUEST_LOW_ONCE_END 0x00006000
#define MT_GUEST_PROGRAM 0x00010000
#define MT_GUEST_NOTES 0x00020000 /* the values of registers, one word for each */
#define MT_GUEST_NOTES_END 0x00030000
/* Rings and buffers: one page for each device number of PCI bus 0. */
#define MT_GUEST_DEVICES 0x00030000
#define MT_GUEST_BALLOON_PAGE 0x00050000 /* zero, and in the balloon, so it must not be used */
#define MT_GUEST_DRIVING 0x00051000      /* which devices were brought up */
#define MT_GUEST_STACK_TOP 0x00080000
#define MT_GUEST_TABLE MT_GUEST_TEST_END /* numbers that pages hold; written once, too */
#define MT_GUEST_TABLE_END (MT_GUEST_TABLE + 0x00040000)

/*
 * The guest speaks on the first serial port, a byte at a time. If the host does not read, PASS
 * bytes are lost, and the passes become slower. Other bytes wait for the host for half a minute.
 */
#define MT_GUEST_SERIAL_PORT 0x3f8

/*
 * Under TCG the guest rests after each pass, unless it beats or was told what to dirty. A guest
 * that never rests takes a core from the migration that is to be tested. The rest lasts this many
 * times as long as the pass, because a pass is long on a busy machine, within these bounds. A
 * command ends the rest.
 */
#define MT_GUEST_REST_PER_PASS 1
#define MT_GUEST_LEAST_REST_MS 5
#define MT_GUEST_MOST_REST_MS 20
#define MT_GUEST_REST_STEP_MS 5 /* how often the resting guest looks for a command */

/* The number of pages between two beats: some milliseconds, even under a software KVM. */
#define MT_GUEST_PAGES_IN_BEAT 2048

/*
 * What the guest says: single bytes for what it says often, and lines for the rest. A line begins
 * with this mark and a byte for its kind, has a space before each of its fields, and ends with a
 * newline. No firmware sends the mark. Bytes before the first line of a start are not the guest's.
 * A line that a migration interrupts continues on the destination's serial port. Numbers have eight
 * hexadecimal digits, unless something else is said.
 */
#define MT_GUEST_MARK "\001migtest "
#define MT_GUEST_LINE_SIZE 80 /* at most, behind the mark */

#define MT_GUEST_PASS 'B' /* a byte: a pass over all pages is done */
#define MT_GUEST_BEAT '.' /* a byte: a sign of life, if the host asked for beats */

/* A start, which comes before anything else. The field is the version of this contract, as text. */
#define MT_GUEST_VERSION "1"
#define MT_GUEST_STARTED 'A' /* in a fresh machine; the fill follows */
#define MT_GUEST_REBOOTED                                                                          \
    'Z'                    /* in one where it ran before: a reset; it begins again with a fill     \
                            */
#define MT_GUEST_WOKEN 'W' /* from a suspend, or by a reset in one; no fill */

/* Answers to commands, see below. The field is the tag of the command. */
#define MT_GUEST_DONE 'K'
#define MT_GUEST_UNKNOWN '?' /* there is no such command, or the guest cannot do that */

/*
 * Lines before the answer to a command that looks at CPUID. CPUID has leaf, subleaf and the four
 * registers. CPUID_DIFFERS has leaf, subleaf, the number of the register (eax, ebx, ecx, edx), its
 * value at the start and its value now. Leaves that are all zero are left out.
 */
#define MT_GUEST_CPUID 'I'
#define MT_GUEST_CPUID_DIFFERS 'D'
#define MT_GUEST_MOST_LEAVES 150

/* Complaints. A complaint is the last thing that the guest says. */
#define MT_GUEST_WRONG 'X'          /* memory: address, expected and found */
#define MT_GUEST_REGISTER_WRONG 'R' /* a register: expected, found, and its name */
#define MT_GUEST_REFUSED 'G'        /* a register that was there faults now: its name */
#define MT_GUEST_EXCEPTION 'E'      /* an exception of the CPU's: vector, error code, EIP */

/* A register of the CPU or of the board, which must hold what it held at the start or the wake. */
#define MT_GUEST_NAME_SIZE 40

/* The highest pace in pages a second. Without a pace the guest is faster. */
#define MT_GUEST_MOST_PER_SECOND 150000

/*
 * Commands, which the guest obeys between two passes: a byte and a hexadecimal digit, the tag of
 * the command. The answer has the same tag, so it cannot be taken for the answer to an earlier
 * command. A command is lost if it comes while the guest is suspended or shortly before a reset.
 * The host sends the command again if the guest starts before it has answered. The guest ignores a
 * digit alone, which may be the rest of a lost command.
 */
#define MT_GUEST_CHECK 'C'    /* compare every word of all pages, all registers, and CPUID */
#define MT_GUEST_COMPARE 'R'  /* compare all registers and CPUID */
#define MT_GUEST_NOTE 'N'     /* take the notes of all registers again, by which to compare */
#define MT_GUEST_IDENTIFY 'I' /* tell CPUID as it was at the start */
#define MT_GUEST_LIVE 'L'     /* beat from now on, until a suspend or a reset */
#define MT_GUEST_SUSPEND 'S'  /* suspend to RAM (ACPI S3), right after the answer */

/*
 * Dirty as the host says, until a suspend or a reset. Three numbers follow the tag: pages a second
 * (0: as fast as possible), the stride (1: each page of the working set), and the size of the
 * working set in pages from the start of the range. A pass is then one over these pages. Their
 * content follows from address and generation as ever. All other pages are taken to the present
 * generation and keep it.
 */
#define MT_GUEST_DIRTY 'D'

#endif
