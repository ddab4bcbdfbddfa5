/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A relay between the source and the destination of a migration. A separate thread serves the
 * relay, so the stream flows whatever the test does meanwhile.
 */
#ifndef MT_WIRE_RELAY_H
#define MT_WIRE_RELAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

#include <migtest/wire.h>

struct mt_relay;

/* A relay that does not listen yet. */
struct mt_relay *mt_relay_new(void);

/* Ends all connections of the relay, and frees it. NULL is fine. */
void mt_relay_destroy(struct mt_relay *relay);

/*
 * Listens at a path, or at a free port of 127.0.0.1, and relays each connection to the target. Ends
 * all earlier connections, and counts the bytes from 0 again.
 */
int mt_relay_open_unix(struct mt_relay *relay, const char *path, const char *target,
                       struct mt_error *error);
int mt_relay_open_tcp(struct mt_relay *relay, uint16_t target, uint16_t *ret_port,
                      struct mt_error *error);

/* Whether a direction is held. */
bool mt_relay_holds(struct mt_relay *relay);

/*
 * Holds a direction, or lets it pass again. After the return, no byte passes in a direction that is
 * held.
 */
void mt_relay_hold(struct mt_relay *relay, enum mt_direction direction, bool held);

/* The number of bytes that were relayed in that direction. */
int64_t mt_relay_bytes(struct mt_relay *relay, enum mt_direction direction);

#endif
