/* SPDX-License-Identifier: Apache-2.0 */
/* Lulls: the times in which a slow multifd migration sends nothing. */
#ifndef PLUGINS_MULTIFD_LULL_H
#define PLUGINS_MULTIFD_LULL_H

#include <migtest/migtest.h>

/*
 * Slows the migration of that pair down to one burst every 100 ms, which is QEMU's window, and
 * returns after the end of a burst: when the source has sent something, and all its threads sleep
 * again. The function skips a lull whose beginning it may have missed, as the test had no
 * processor.
 *
 * QEMU 10.0 may hang for ever when it is cancelled during a burst: while its main thread waits for
 * all channels to synchronize, a channel that finds the destination gone ends without waking the
 * main thread. At full speed, one cancelled migration of ten did hang, with a machine type
 * before 8.1, which synchronizes most often.
 */
void multifd_wait_for_lull(struct mt_pair *pair);

#endif
