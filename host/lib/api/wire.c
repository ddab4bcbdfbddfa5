/* SPDX-License-Identifier: Apache-2.0 */
/* The public functions of include/migtest/wire.h. Each calls the library's function of that name.
 */
#include "lib/api/fail.h"
#include "lib/migration/steps.h"
#include "lib/wire/relay.h"

#include <migtest/wire.h>

static struct mt_relay *relay_at(const char *file, int line, struct mt_pair *pair,
                                 enum mt_direction direction)
{
    CHECK(direction == MT_TO_DESTINATION || direction == MT_TO_SOURCE
              ? 0
              : mt_fail(&error, "a wire has no direction %d", (int)direction));
    return mt_pair_relay(pair);
}

void mt_wire_hold_at(const char *file, int line, struct mt_pair *pair, enum mt_direction direction)
{
    mt_relay_hold(relay_at(file, line, pair, direction), direction, true);
}

void mt_wire_release_at(const char *file, int line, struct mt_pair *pair,
                        enum mt_direction direction)
{
    mt_relay_hold(relay_at(file, line, pair, direction), direction, false);
}

int64_t mt_wire_bytes_at(const char *file, int line, struct mt_pair *pair,
                         enum mt_direction direction)
{
    CHECK(pair->run == NULL || pair->run->request.relay
              ? 0
              : mt_fail(&error, "the latest migration had no wire: it lacked .relay"));
    return mt_relay_bytes(relay_at(file, line, pair, direction), direction);
}
