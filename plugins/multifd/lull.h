/* SPDX-License-Identifier: Apache-2.0 */
/* The moments in which a slow multifd migration sends nothing. */
#ifndef PLUGINS_MULTIFD_LULL_H
#define PLUGINS_MULTIFD_LULL_H

#include <migtest/migtest.h>

/*
 * Slows the migration of that pair down to a burst every 100 ms, which is QEMU's window, and
 * returns after the end of one: when the source has sent something, and all its threads sleep
 * again. A lull whose beginning may have been missed, as the test had no processor, is not taken.
 *
 * QEMU 10.0 may hang for ever when it is cancelled within a burst: while its main thread waits for
 * all channels to be in step, one that meets the destination's end goes without waking it. At full
 * speed one cancelling of ten did, with a machine type before 8.1, which gets into step most often.
 */
void multifd_wait_for_lull(struct mt_pair *pair);

#endif
