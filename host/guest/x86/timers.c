/* SPDX-License-Identifier: Apache-2.0 */
/* Timers and clock. What ticks is not noted, nor set so that QEMU would realign it on arrival. */
#include "arch/io.h"
#include "guest/x86/cmos.h"
#include "guest/x86/registers.h"

#define PIT_CHANNEL(index) ((uint16_t)(0x40 + (index)))
#define PIT_CONTROL 0x43
#define PIT_CHANNELS 3
#define PIT_READ_STATUS(index) ((uint8_t)(0xe0 | 2 << (index)))
#define PIT_MODE 0x3f /* of a status: access, mode, BCD */
#define SYSTEM_CONTROL_B 0x61
#define GATE_OF_CHANNEL_2 0x01
#define GATE_AND_SPEAKER 0x03

#define RTC_A 0x0a
#define RTC_A_UPDATING 0x80
#define RTC_B 0x0b
#define CMOS_FIRST 0x0e
#define CMOS_CENTURY 0x32
#define CMOS_END 0x80

/* What no firmware of QEMU's uses; it reads the others when the guest wakes. */
#define CMOS_FREE_1 0x40
#define CMOS_FREE_1_END 0x5b
#define CMOS_FREE_2 0x60
#define CMOS_FREE_2_END 0x80

#define HPET 0xfed00000
#define HPET_VENDOR_MASK 0xffff0000
#define HPET_VENDOR 0x80860000
#define HPET_CONFIGURATION (HPET + 0x10)
#define HPET_COUNTER (HPET + 0xf0)
#define HPET_TIMER(index) (HPET + 0x100 + 0x20 * (index))
#define HPET_COMPARATOR 8
#define HPET_TIMERS 3

/* Each other mode; a channel 0 that counts once and then costs the host no more timer. */
static void program_pit(void)
{
    static const uint8_t controls[PIT_CHANNELS] = {0x30, 0x74, 0xb7};

    out8(SYSTEM_CONTROL_B, GATE_OF_CHANNEL_2);
    for (unsigned i = 0; i < PIT_CHANNELS; i++) {
        out8(PIT_CONTROL, controls[i]);
        out8(PIT_CHANNEL(i), (uint8_t)(0x41 + i));
        out8(PIT_CHANNEL(i), (uint8_t)(0x51 + i));
    }
}

static void fill_cmos(uint8_t start, uint8_t end)
{
    for (uint8_t i = start; i < end; i++) {
        cmos_write(i, (uint8_t)(i * 5 ^ 0x5a));
    }
}

/* Binary in place of BCD; the slowest periodic rate, but no interrupt. */
static void program_rtc(void)
{
    cmos_write(RTC_A, 0x2f);
    cmos_write(RTC_B, 0x06);
    cmos_write(1, 58);
    cmos_write(3, 57);
    cmos_write(5, 3);
    fill_cmos(CMOS_FREE_1, CMOS_FREE_1_END);
    fill_cmos(CMOS_FREE_2, CMOS_FREE_2_END);
}

static uint32_t has_hpet(void)
{
    return (mmio_read32(HPET) & HPET_VENDOR_MASK) == HPET_VENDOR;
}

/* Halted, so that its counter can be compared; one timer is periodic, one of 32 bits. */
static void program_hpet(void)
{
    static const uint32_t configurations[HPET_TIMERS] = {0x0048, 0x0102, 0x0000};

    mmio_write32(HPET_CONFIGURATION, 0);
    mmio_write32(HPET_COUNTER, 0x43210fed);
    mmio_write32(HPET_COUNTER + 4, 0x00000057);
    for (uint32_t i = 0; i < HPET_TIMERS; i++) {
        mmio_write32(HPET_TIMER(i), configurations[i]);
        mmio_write32(HPET_TIMER(i) + HPET_COMPARATOR, 0x60606060 + i);
    }
}

void timers_program(void)
{
    program_pit();
    program_rtc();
    if (has_hpet()) {
        program_hpet();
    }
}

static void note_pit(struct notes *notes)
{
    note(notes, in8(SYSTEM_CONTROL_B) & GATE_AND_SPEAKER, "port 0x61");
    for (unsigned i = 0; i < PIT_CHANNELS; i++) {
        out8(PIT_CONTROL, PIT_READ_STATUS(i));
        note(notes, in8(PIT_CHANNEL(i)) & PIT_MODE, "pit %u mode", i);
    }
}

static void note_rtc(struct notes *notes)
{
    for (uint8_t i = 1; i <= 5; i = (uint8_t)(i + 2)) {
        note(notes, cmos_read(i), "rtc 0x%x", (uint32_t)i);
    }
    note(notes, cmos_read(RTC_A) & (uint32_t)~RTC_A_UPDATING, "rtc 0xa");
    note(notes, cmos_read(RTC_B), "rtc 0xb");
    for (uint8_t i = CMOS_FIRST; i < CMOS_END; i++) {
        if (i != CMOS_CENTURY) {
            note(notes, cmos_read(i), "cmos 0x%x", (uint32_t)i);
        }
    }
}

static void note_hpet(struct notes *notes)
{
    for (uint32_t offset = 0; offset < 8; offset += 4) {
        note(notes, mmio_read32(HPET_CONFIGURATION + offset), "hpet 0x%x", 0x10 + offset);
        note(notes, mmio_read32(HPET_COUNTER + offset), "hpet 0x%x", 0xf0 + offset);
    }
    for (uint32_t i = 0; i < HPET_TIMERS; i++) {
        for (uint32_t offset = 0; offset < 16; offset += 4) {
            note(notes, mmio_read32(HPET_TIMER(i) + offset), "hpet timer %u 0x%x", i, offset);
        }
    }
}

void timers_note(struct notes *notes)
{
    note_pit(notes);
    note_rtc(notes);
    if (notes_decide(notes, has_hpet)) {
        note_hpet(notes);
    }
}
