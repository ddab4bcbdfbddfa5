/* SPDX-License-Identifier: Apache-2.0 */
/* What a test leaves in its process: descriptors and memory, measured over several rounds of the
 * test. */
#ifndef MT_WORKER_MANNERS_H
#define MT_WORKER_MANNERS_H

#include "worker/record_writer.h"

/* The first round fills caches of libraries. What grows in each later round is a leak. */
enum { MT_MANNERS_ROUNDS = 4 };

/* To be called before the first round, with 0, and after each round, with its number. */
void mt_manners_measure(int round);

void mt_manners_write(const struct mt_record_writer *writer);

#endif
