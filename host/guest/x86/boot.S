/* SPDX-License-Identifier: Apache-2.0 */
/* The boot disk: its first sector loads the guest program, which follows it, by the BIOS. */
#include "guest/contract.h"
#include "guest/x86/flat.inc"

#define SECTOR 512
#define DISK_SIZE 0x100000 /* less than one cylinder (504 KiB) SeaBIOS does not read at all */
#define LOADED_AT 0x7c00
#define EXTENDED_READ 0x42

    .text
    .code16
    .globl boot
boot:
    xorw %ax, %ax
    movw %ax, %ds
    movw %ax, %ss
    movw $LOADED_AT, %sp
    movw $program_place, %si
    movb $EXTENDED_READ, %ah
    int $0x13
    jc stop
    cli
    enter_flat gdt_pointer
    movl $MT_GUEST_PROGRAM, %eax
    jmp *%eax

    .code16
stop:
    hlt
    jmp stop

    .balign 4
program_place:
    .byte 0x10, 0
    .word (program_end - program) / SECTOR
    .word 0, MT_GUEST_PROGRAM / 16
    .quad 1

    flat_gdt

    .org 510
    .word 0xaa55
program:
    .incbin "program.bin"
    .balign SECTOR
program_end:
    .org DISK_SIZE
