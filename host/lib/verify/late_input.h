/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The guest is hurried by a byte on its serial line, and a migration may switch over at any moment:
 * QEMU gives a byte that is under way then to the source's serial port, though the device state has
 * been sent. That is no difference that the migration made.
 */
#ifndef MT_VERIFY_LATE_INPUT_H
#define MT_VERIFY_LATE_INPUT_H

#include <stdbool.h>

#include "lib/pair/pair.h"
#include "lib/state/differences.h"

/*
 * Whether that one of the differences is such a byte, which the source alone has to be read, and
 * which was seen taken only after STOP.
 */
bool mt_is_late_input(const struct mt_pair *pair, const struct mt_state_differences *differences,
                      const struct mt_state_difference *one);

#endif
