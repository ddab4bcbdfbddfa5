/* SPDX-License-Identifier: Apache-2.0 */
/* One relayed connection: two sockets, and what is on its way between them in each direction. */
#ifndef MT_WIRE_CONNECTION_H
#define MT_WIRE_CONNECTION_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

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

enum mt_connection_state {
    MT_CONNECTION_QUEUES, /* for a place in the backlog of a UNIX socket: the kernel has no event */
    MT_CONNECTION_CONNECTS, /* the destination's socket becomes writable when it is connected */
    MT_CONNECTION_OPEN,
    MT_CONNECTION_REFUSED,
};

struct mt_connection {
    enum mt_connection_state state;
    int source;
    int destination;
    struct mt_flow flows[MT_DIRECTIONS]; /* by direction */
};

/* Takes both descriptors over, the destination's not connected yet; none of them may block. */
void mt_connection_init(struct mt_connection *connection, int source, int destination);
void mt_connection_clear(struct mt_connection *connection);

/* Connects the destination, or goes on with that; never waits. Nothing is relayed before. */
void mt_connection_connect(struct mt_connection *connection, const struct sockaddr *target,
                           socklen_t target_size);

/* Whether there is nothing left to relay. */
bool mt_connection_over(const struct mt_connection *connection);

/* What a connection waits for in that direction, which is held or not. */
struct pollfd mt_connection_poll(const struct mt_connection *connection,
                                 enum mt_direction direction, bool held);

/* Moves what can be moved without waiting, and returns how much that was. */
int64_t mt_connection_pump(struct mt_connection *connection, enum mt_direction direction);

#endif
