/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages that are written once and never again: in low memory, and from above the test range to the
 * end of RAM, with pages between them that nobody touches at all; and the table of pages.h.
 */
#ifndef MT_GUEST_COMMON_ONCE_H
#define MT_GUEST_COMMON_ONCE_H

void once_write(void);

/* See memory.h. */
void once_settle(void);

/* Compares every word of them; a wrong one is reported, and the guest halts. */
void once_check(void);

#endif
