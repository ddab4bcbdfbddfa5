/* SPDX-License-Identifier: Apache-2.0 */
/* The CMOS, which the clock's chip keeps. */
#ifndef MT_GUEST_X86_CMOS_H
#define MT_GUEST_X86_CMOS_H

#include "arch/io.h"

#define CMOS_INDEX 0x70
#define CMOS_DATA 0x71

static inline uint8_t cmos_read(uint8_t index)
{
    out8(CMOS_INDEX, index);
    return in8(CMOS_DATA);
}

static inline void cmos_write(uint8_t index, uint8_t value)
{
    out8(CMOS_INDEX, index);
    out8(CMOS_DATA, value);
}

#endif
