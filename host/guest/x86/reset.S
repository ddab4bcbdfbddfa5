/* SPDX-License-Identifier: Apache-2.0 */
/* The ROM: from the reset vector into the guest program, which it carries and copies into RAM. */
#include "guest/contract.h"
#include "guest/x86/flat.inc"

#define ROM_SIZE 0x10000
#define RESET_VECTOR (ROM_SIZE - 16)
#define NEAR_RESET_VECTOR (ROM_SIZE - 256)

    .text
    .globl rom
rom:
program:
    .incbin "program.bin"
    .balign 4
program_end:

    .org NEAR_RESET_VECTOR
    .code16
from_reset:
    enter_flat "%cs:(gdt_pointer - rom)"
    cld
    movl $program, %esi
    movl $MT_GUEST_PROGRAM, %edi
    movl $(program_end - program) / 4, %ecx
    rep movsl
    movl $MT_GUEST_PROGRAM, %eax
    jmp *%eax

    flat_gdt

    .org RESET_VECTOR
    .code16
    jmp from_reset
    .org ROM_SIZE
