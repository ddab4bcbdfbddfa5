/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages that are written once and never again: in low memory, and from above the test range to the
 * end of RAM. Pages between them are never touched. The table of pages.h is written once, too.
 */
#ifndef MT_GUEST_COMMON_ONCE_H
#define MT_GUEST_COMMON_ONCE_H

void once_write(void);

/* See memory.h. */
void once_settle(void);

/* Compares every word of these pages. A wrong word is reported, and the guest halts. */
void once_check(void);

#endif
