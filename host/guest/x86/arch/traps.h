/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the CPU refuses to do, by an exception. Those of an instruction that may be refused are
 * foreseen where it stands; any other ends the program, with a complaint.
 */
#ifndef MT_GUEST_X86_ARCH_TRAPS_H
#define MT_GUEST_X86_ARCH_TRAPS_H

#include <stdint.h>

/* At which instruction, and either where to go on (with carry set), or what to complain of. */
struct fixup {
    uint32_t at;
    uint32_t to;
    const char *name; /* of the register; NULL: none */
};

#define FIXUP(to, name)                                                                            \
    "\n\t.pushsection .fixups, \"a\"\n\t.long 771b, " to ", " name "\n\t.popsection\n"

/* In an asm statement whose output "=@ccc" says whether the instruction was refused. */
#define UNLESS_REFUSED(instruction) "clc\n771:\t" instruction "\n772:" FIXUP("772b", "0")

/* In one that is not refused: where it is, a register that was there is not any more. */
#define NEVER_REFUSED(instruction, name)                                                           \
    "771:\t" instruction "\n\t.pushsection .rodata.names, \"a\"\n773:\t.asciz \"" name             \
    "\"\n\t.popsection" FIXUP("0", "773b")

#endif
