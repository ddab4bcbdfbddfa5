/* SPDX-License-Identifier: Apache-2.0 */
/* How a migration's stream gets from the source to the destination: what both sides are told. */
#ifndef MT_MIGRATION_TRANSPORT_H
#define MT_MIGRATION_TRANSPORT_H

#include <stdbool.h>

#include "lib/pair/run.h"

/* Fails where the transport cannot do what else the test asks for. */
int mt_transport_check(const struct mt_request *request, struct mt_error *error);

/* Whether the destination can read only when the source has written everything. */
bool mt_transport_is_sequential(const struct mt_request *request);

/* Makes the arguments of migrate-incoming; the caller's. */
json_t *mt_transport_incoming(const struct mt_pair *pair, const struct mt_request *request);

/* Makes the arguments of migrate: where the destination listens, or a relay in front of it; the
 * caller's. */
int mt_transport_outgoing(struct mt_pair *pair, const struct mt_request *request,
                          json_t **ret_arguments, struct mt_error *error);

#endif
