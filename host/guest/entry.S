/* SPDX-License-Identifier: Apache-2.0 */
/* The first bytes of the program, in flat 32-bit code with a stack. */
    .section .entry, "ax"
    .code32
    .globl entry
entry:
    call guest_main
stopped:
    cli
    hlt
    jmp stopped
