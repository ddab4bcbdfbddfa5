/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A relay between the source and the destination of a migration, served by a thread of its own, so
 * that the stream flows whatever the test does meanwhile.
 */
#ifndef MT_WIRE_RELAY_H
#define MT_WIRE_RELAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

#include <migtest/wire.h>

struct mt_relay;

/* It listens nowhere yet. */
struct mt_relay *mt_relay_new(void);

/* Ends all that goes through it. NULL is fine. */
void mt_relay_destroy(struct mt_relay *relay);

/*
 * Listens at a path, or at a port of 127.0.0.1 that it finds, and connects each who comes to the
 * target. What it relayed before is ended, and the bytes are counted from 0.
 */
int mt_relay_open_unix(struct mt_relay *relay, const char *path, const char *target,
                       struct mt_error *error);
int mt_relay_open_tcp(struct mt_relay *relay, uint16_t target, uint16_t *ret_port,
                      struct mt_error *error);

/* Whether any direction is held. */
bool mt_relay_holds(struct mt_relay *relay);

/* When it returns, nothing more passes (or things pass again). */
void mt_relay_hold(struct mt_relay *relay, enum mt_direction direction, bool held);

int64_t mt_relay_bytes(struct mt_relay *relay, enum mt_direction direction);

#endif
