/* SPDX-License-Identifier: Apache-2.0 */
/* The linked program as bytes, for the ROM and for the disk. */
#include "contract.h"

    .section .program, "a"
program:
    .incbin "program.bin"
    .org MT_GUEST_PROGRAM_SIZE
