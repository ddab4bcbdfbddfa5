/* SPDX-License-Identifier: Apache-2.0 */
/* One relayed connection: two sockets, and what is on its way between them in each direction. */
#ifndef MT_WIRE_CONNECTION_H
#define MT_WIRE_CONNECTION_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <migtest/wire.h>

enum {
    MT_DIRECTIONS = MT_TO_SOURCE + 1,
};

struct mt_flow {
    int from;
    int to;
    char *buffer;
    size_t begin; /* what has been read and not been written yet */
    size_t end;
    bool ended; /* and the other side knows */
};

struct mt_connection {
    int source;
    int destination;
    struct mt_flow flows[MT_DIRECTIONS]; /* by direction */
};

/* Takes both descriptors over. */
void mt_connection_init(struct mt_connection *connection, int source, int destination);
void mt_connection_clear(struct mt_connection *connection);

/* Whether there is nothing left to relay. */
bool mt_connection_over(const struct mt_connection *connection);

/* What a flow waits for. */
struct pollfd mt_flow_poll(const struct mt_flow *flow);

/* Moves what can be moved without waiting, and returns how much that was. */
int64_t mt_connection_pump(struct mt_connection *connection, enum mt_direction direction);

#endif
