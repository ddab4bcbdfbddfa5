/* SPDX-License-Identifier: Apache-2.0 */
/* The guest program's first instructions; ROM and boot disk both come here, in flat 32-bit mode. */
#include "guest/contract.h"

#define SYSTEM_CONTROL 0x92
#define A20_ON 0x02
#define FAST_RESET 0x01

    .section .text.start, "ax"
    .globl start
start:
    movl $MT_GUEST_STACK_TOP, %esp
    inb $SYSTEM_CONTROL, %al
    orb $A20_ON, %al
    andb $~FAST_RESET, %al
    outb %al, $SYSTEM_CONTROL
    jmp guest_main

#include "guest/x86/descriptors.inc"
