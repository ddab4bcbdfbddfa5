/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/wire/connection.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"

/* Large, so that a call moves many bytes. A flow touches no more memory than it needs. */
static const size_t buffer_size = 1024 * 1024;

/* The number of buffers moved in one call. It is limited so that no flow delays the others. */
static const unsigned most_buffers = 4;

/* A UNIX socket has no such option, and needs none. */
static void send_at_once(int socket)
{
    const int on = 1;

    (void)setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

static struct mt_flow make_flow(int from, int to)
{
    return (struct mt_flow){.from = from, .to = to, .buffer = mt_alloc(1, buffer_size)};
}

void mt_connection_init(struct mt_connection *connection, int source, int destination)
{
    *connection = (struct mt_connection){
        .state = MT_CONNECTION_CONNECTS, .source = source, .destination = destination};
    connection->flows[MT_TO_DESTINATION] = make_flow(source, destination);
    connection->flows[MT_TO_SOURCE] = make_flow(destination, source);
    send_at_once(source);
    send_at_once(destination);
}

void mt_connection_clear(struct mt_connection *connection)
{
    close(mt_take_fd(&connection->source));
    close(mt_take_fd(&connection->destination));
    for (size_t i = 0; i < MT_DIRECTIONS; i++) {
        free(mt_take_pointer(connection->flows[i].buffer));
    }
}

void mt_connection_connect(struct mt_connection *connection, const struct sockaddr *target,
                           socklen_t target_size)
{
    if (connect(connection->destination, target, target_size) == 0 || errno == EISCONN) {
        connection->state = MT_CONNECTION_OPEN;
    } else if (errno == EAGAIN) {
        connection->state = MT_CONNECTION_QUEUES;
    } else if (errno == EINPROGRESS || errno == EALREADY || errno == EINTR) {
        connection->state = MT_CONNECTION_CONNECTS;
    } else {
        connection->state = MT_CONNECTION_REFUSED;
    }
}

bool mt_connection_over(const struct mt_connection *connection)
{
    if (connection->state != MT_CONNECTION_OPEN) {
        return connection->state == MT_CONNECTION_REFUSED;
    }
    return connection->flows[MT_TO_DESTINATION].ended && connection->flows[MT_TO_SOURCE].ended;
}

static struct pollfd flow_poll(const struct mt_flow *flow)
{
    if (flow->ended) {
        return (struct pollfd){.fd = -1};
    }
    return flow->begin == flow->end ? (struct pollfd){.fd = flow->from, .events = POLLIN}
                                    : (struct pollfd){.fd = flow->to, .events = POLLOUT};
}

struct pollfd mt_connection_poll(const struct mt_connection *connection,
                                 enum mt_direction direction, bool held)
{
    if (connection->state == MT_CONNECTION_CONNECTS && direction == MT_TO_DESTINATION) {
        return (struct pollfd){.fd = connection->destination, .events = POLLOUT};
    }
    return connection->state == MT_CONNECTION_OPEN && !held
               ? flow_poll(&connection->flows[direction])
               : (struct pollfd){.fd = -1};
}

static bool would_block(ssize_t result)
{
    return result < 0 && (errno == EAGAIN || errno == EINTR);
}

/* The sender has closed its end, or the connection is broken. Both end the flow. */
static void flow_end(struct mt_flow *flow)
{
    flow->ended = true;
    shutdown(flow->to, SHUT_WR);
}

/* Returns false when nothing more can be read now. */
static bool flow_fill(struct mt_flow *flow)
{
    ssize_t got = recv(flow->from, flow->buffer, buffer_size, MSG_DONTWAIT);

    if (got > 0) {
        flow->begin = 0;
        flow->end = (size_t)got;
        return true;
    }
    if (!would_block(got)) {
        flow_end(flow);
    }
    return false;
}

/* Returns false when nothing more can be written now. */
static bool flow_drain(struct mt_flow *flow, int64_t *moved)
{
    ssize_t sent = send(flow->to, flow->buffer + flow->begin, flow->end - flow->begin,
                        MSG_DONTWAIT | MSG_NOSIGNAL);

    if (sent > 0) {
        flow->begin += (size_t)sent;
        *moved += sent;
        return true;
    }
    if (!would_block(sent)) {
        flow_end(flow);
    }
    return false;
}

int64_t mt_connection_pump(struct mt_connection *connection, enum mt_direction direction)
{
    struct mt_flow *flow = &connection->flows[direction];
    int64_t moved = 0;
    bool more = !flow->ended;

    for (unsigned moved_buffers = 0; more && moved_buffers < most_buffers; moved_buffers++) {
        more = (flow->begin < flow->end || flow_fill(flow)) && flow_drain(flow, &moved);
    }
    return moved;
}
