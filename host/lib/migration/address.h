/* SPDX-License-Identifier: Apache-2.0 */
/* Where a migration's stream goes: the addresses of both sides as QMP arguments. */
#ifndef MT_MIGRATION_ADDRESS_H
#define MT_MIGRATION_ADDRESS_H

#include "lib/pair/pair.h"

#include <migtest/migration.h>

/* Arguments of migrate-incoming; the caller's. */
int mt_address_incoming(const struct mt_pair *pair, const struct mt_migration *wants,
                        json_t **ret_arguments, struct mt_error *error);

/* Arguments of migrate: to where the destination says that it listens. */
int mt_address_outgoing(struct mt_pair *pair, const struct mt_migration *wants,
                        json_t **ret_arguments, struct mt_error *error);

#endif
