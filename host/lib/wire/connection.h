/* SPDX-License-Identifier: Apache-2.0 */
/* One relayed connection: two sockets, and the bytes on their way between them in each direction.
 */
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
    size_t begin; /* buffer[begin..end) was read, and must still be written */
    size_t end;
    bool ended; /* nothing more comes, and the receiver was told */
};

enum mt_connection_state {
    /* Waits for a place in the backlog of a UNIX socket, of which the kernel has no event. */
    MT_CONNECTION_QUEUES,
    MT_CONNECTION_CONNECTS, /* the destination's socket becomes writable once it is connected */
    MT_CONNECTION_OPEN,
    MT_CONNECTION_REFUSED,
};

struct mt_connection {
    enum mt_connection_state state;
    int source;
    int destination;
    struct mt_flow flows[MT_DIRECTIONS]; /* by direction */
};

/* Takes both descriptors over. Both must be non-blocking; the destination's is not connected yet.
 */
void mt_connection_init(struct mt_connection *connection, int source, int destination);
void mt_connection_clear(struct mt_connection *connection);

/*
 * Connects the destination, or continues to connect it. Never waits. Nothing is relayed until the
 * connection is open.
 */
void mt_connection_connect(struct mt_connection *connection, const struct sockaddr *target,
                           socklen_t target_size);

/* Whether nothing is left to relay. */
bool mt_connection_over(const struct mt_connection *connection);

/* What a connection waits for in a direction. A direction that is held waits for nothing. */
struct pollfd mt_connection_poll(const struct mt_connection *connection,
                                 enum mt_direction direction, bool held);

/* Moves what can be moved without waiting. Returns the number of bytes. */
int64_t mt_connection_pump(struct mt_connection *connection, enum mt_direction direction);

#endif
