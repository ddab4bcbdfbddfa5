/* SPDX-License-Identifier: Apache-2.0 */
/* What a test leaves in its process: looked at after each of several rounds of it. */
#ifndef MT_WORKER_MANNERS_H
#define MT_WORKER_MANNERS_H

#include "worker/record_writer.h"

/* The first round fills caches of libraries; what grows from the second to the last is left. */
enum { MT_MANNERS_ROUNDS = 4 };

/* After round `round` (0: before the first). */
void mt_manners_look(int round);

void mt_manners_write(const struct mt_record_writer *writer);

#endif
