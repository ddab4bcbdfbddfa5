/* SPDX-License-Identifier: Apache-2.0 */
/* From real mode to flat 32-bit protected mode, for whatever code starts the guest program. */
#ifndef MT_GUEST_FLAT_H
#define MT_GUEST_FLAT_H

#define FLAT_CODE 0x08
#define FLAT_DATA 0x10

/* Marked accessed beforehand: the CPU would else write to the descriptors, which may be ROM. */
.macro flat_gdt
    .balign 8
gdt:
    .quad 0
    .quad 0x00cf9b000000ffff
    .quad 0x00cf93000000ffff
gdt_end:
gdt_pointer:
    .word gdt_end - gdt - 1
    .long gdt
.endm

/* As few real-mode instructions as can be: some software KVMs interpret them very slowly. */
.macro enter_flat pointer
    lgdtl \pointer
    movl $0x11, %eax /* protection on, caches on */
    movl %eax, %cr0
    ljmpl $FLAT_CODE, $flat
    .code32
flat:
    movl $FLAT_DATA, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %fs
    movl %eax, %gs
    movl %eax, %ss
.endm

#endif
