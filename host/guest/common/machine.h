/* SPDX-License-Identifier: Apache-2.0 */
/* What the portable part needs of the machine that it runs on. Each architecture defines all of it.
 */
#ifndef MT_GUEST_COMMON_MACHINE_H
#define MT_GUEST_COMMON_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

enum start {
    START_FRESH,    /* in a machine whose RAM is zero, except for what firmware left there */
    START_REBOOTED, /* in a machine where the program ran before */
    START_WOKEN,    /* from a suspend: RAM is as the program left it */
};

/* Which kind of start this is. After a wake `ret_generation` is the one that was kept. */
enum start machine_start(uint32_t *ret_generation);

/* Finds out what the CPU and the RAM are like. The program asks no more after its start. */
void machine_decide(void);

/* Keeps the generation and suspends. What comes next is a wake. */
_Noreturn void machine_suspend(uint32_t generation);

/* Gives all registers of CPU, board and devices their values, and notes them. */
void machine_program(void);

/* Notes again what they hold. */
void machine_note(void);

/* Compares them with the notes. A difference is reported, and the program halts. */
void machine_compare(void);

/* Tells the host what the CPU said of itself at the start, or what differs from that now. */
void machine_identify(void);
void machine_tell_differences(void);

/* Whether firmware ran before the program. Then RAM that firmware used is not zero. */
bool ram_has_firmware(void);

/* What firmware keeps at the end of RAM: SeaBIOS has its tables in the last 256 KiB. */
#define RAM_KEPT_BY_FIRMWARE 0x80000

#define RAM_LOW_END 0x000a0000 /* from here to 1 MiB there is no RAM */

/* Where the program's RAM ends: below 4 GiB, and below what firmware keeps. */
uint32_t ram_end(void);

/* Rests after a pass that took that long, by rest_clock(). A command of the host ends the rest. */
void rest(uint32_t pass_took);
uint32_t rest_clock(void);

#endif
