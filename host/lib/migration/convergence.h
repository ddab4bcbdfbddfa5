/* SPDX-License-Identifier: Apache-2.0 */
/* How fast a migration goes, and how a live one is kept from converging. */
#ifndef MT_MIGRATION_CONVERGENCE_H
#define MT_MIGRATION_CONVERGENCE_H

#include "lib/pair/run.h"

/* How fast a live migration without a given bandwidth goes, once its guest was seen to dirty
 * memory. */
enum mt_speed {
    MT_STEADILY, /* so that a test can do something during a pass */
    MT_FAST,     /* as fast as the host can, as no test does anything before it has converged */
};

/* Adds to the source's settings what is needed before `migrate`; the caller applies them. */
int mt_convergence_prepare(struct mt_side *source, const struct mt_request *request, bool suspended,
                           enum mt_speed speed, struct mt_error *error);

/* Right after `migrate`: waits until the migration may go at that speed, and sets the speed. */
int mt_convergence_speed_up(struct mt_pair *pair, enum mt_speed speed, struct mt_error *error);

/* Lets a migration converge that has sent all of RAM once, and sends little until it does. */
int mt_convergence_finish_slowly(struct mt_pair *pair, struct mt_error *error);

#endif
