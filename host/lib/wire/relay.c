/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/wire/relay.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "lib/wire/connection.h"

union address {
    struct sockaddr any;
    struct sockaddr_in inet;
    struct sockaddr_un local;
};

/*
 * All members are read and changed under the lock. The relay's thread releases the lock to wait,
 * and does nothing that could wait while it has the lock.
 */
struct mt_relay {
    pthread_mutex_t lock;
    pthread_t thread;
    bool runs;
    bool stop;
    int wake; /* an eventfd that makes the thread look again */
    int listener;
    union address target;
    socklen_t target_size;
    bool held[MT_DIRECTIONS];
    int64_t bytes[MT_DIRECTIONS];
    struct mt_connection *connections;
    size_t count;
    struct pollfd *polled; /* the eventfd, the listener, then the flows of each connection */
};

/* The time between two attempts to get a place in a backlog. */
static const int queueing_ms = 10;

enum {
    POLLED_WAKE,
    POLLED_LISTENER,
    POLLED_FLOWS,
};

struct mt_relay *mt_relay_new(void)
{
    struct mt_relay *relay = mt_alloc(1, sizeof(*relay));

    pthread_mutex_init(&relay->lock, NULL);
    relay->wake = -1;
    relay->listener = -1;
    return relay;
}

static void wake_up(struct mt_relay *relay)
{
    const uint64_t count = 1;

    if (relay->wake >= 0) {
        (void)!write(relay->wake, &count, sizeof(count));
    }
}

static void relay_end_all(struct mt_relay *relay)
{
    for (size_t i = 0; i < relay->count; i++) {
        mt_connection_clear(&relay->connections[i]);
    }
    relay->count = 0;
    if (relay->listener >= 0) {
        close(mt_take_fd(&relay->listener));
    }
}

void mt_relay_destroy(struct mt_relay *relay)
{
    if (relay == NULL) {
        return;
    }
    if (relay->runs) {
        pthread_mutex_lock(&relay->lock);
        relay->stop = true;
        pthread_mutex_unlock(&relay->lock);
        wake_up(relay);
        pthread_join(relay->thread, NULL);
    }
    relay_end_all(relay);
    if (relay->wake >= 0) {
        close(relay->wake);
    }
    pthread_mutex_destroy(&relay->lock);
    free(relay->connections);
    free(relay->polled);
    free(relay);
}

static nfds_t prepare_poll(struct mt_relay *relay)
{
    nfds_t count = POLLED_FLOWS + relay->count * MT_DIRECTIONS;

    relay->polled = mt_realloc(relay->polled, count, sizeof(*relay->polled));
    relay->polled[POLLED_WAKE] = (struct pollfd){.fd = relay->wake, .events = POLLIN};
    relay->polled[POLLED_LISTENER] = (struct pollfd){.fd = relay->listener, .events = POLLIN};
    for (size_t i = 0; i < relay->count * MT_DIRECTIONS; i++) {
        enum mt_direction direction = i % MT_DIRECTIONS;
        relay->polled[POLLED_FLOWS + i] = mt_connection_poll(&relay->connections[i / MT_DIRECTIONS],
                                                             direction, relay->held[direction]);
    }
    return count;
}

/* Without limit, unless a connection waits for a place in a backlog. */
static int poll_timeout(const struct mt_relay *relay)
{
    for (size_t i = 0; i < relay->count; i++) {
        if (relay->connections[i].state == MT_CONNECTION_QUEUES) {
            return queueing_ms;
        }
    }
    return -1;
}

static void relay_forget_ended(struct mt_relay *relay)
{
    size_t kept = 0;

    for (size_t i = 0; i < relay->count; i++) {
        if (mt_connection_over(&relay->connections[i])) {
            mt_connection_clear(&relay->connections[i]);
        } else {
            relay->connections[kept++] = relay->connections[i];
        }
    }
    relay->count = kept;
}

/*
 * A source that cannot be connected sees the end of its connection, as if the destination had ended
 * it. Where no descriptor is left to accept a connection with, closing the listener ends it.
 */
static void relay_accept(struct mt_relay *relay)
{
    MT_AUTO_FD int source = accept4(relay->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (source < 0) {
        if (errno == EMFILE || errno == ENFILE) {
            close(mt_take_fd(&relay->listener));
        }
        return;
    }
    MT_AUTO_FD int destination =
        socket(relay->target.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (destination < 0) {
        return;
    }
    relay->connections =
        mt_realloc(relay->connections, relay->count + 1, sizeof(*relay->connections));
    struct mt_connection *connection = &relay->connections[relay->count++];
    mt_connection_init(connection, mt_take_fd(&source), mt_take_fd(&destination));
    mt_connection_connect(connection, &relay->target.any, relay->target_size);
    relay_forget_ended(relay);
}

static void relay_serve(struct mt_relay *relay)
{
    uint64_t ignored;

    (void)!read(relay->wake, &ignored, sizeof(ignored));
    for (size_t i = 0; i < relay->count; i++) {
        struct mt_connection *connection = &relay->connections[i];
        if (connection->state != MT_CONNECTION_OPEN) {
            mt_connection_connect(connection, &relay->target.any, relay->target_size);
        }
    }
    for (size_t i = 0; i < relay->count * MT_DIRECTIONS; i++) {
        struct mt_connection *connection = &relay->connections[i / MT_DIRECTIONS];
        enum mt_direction direction = i % MT_DIRECTIONS;
        if (connection->state == MT_CONNECTION_OPEN && !relay->held[direction]) {
            relay->bytes[direction] += mt_connection_pump(connection, direction);
        }
    }
    relay_forget_ended(relay);
}

/*
 * The relay's thread. Between the end of poll() and the lock, the test may have opened the relay
 * again, or may have held a direction.
 */
static void *relay_run(void *argument)
{
    struct mt_relay *relay = argument;

    pthread_mutex_lock(&relay->lock);
    while (!relay->stop) {
        nfds_t count = prepare_poll(relay);
        int timeout = poll_timeout(relay);
        int listener = relay->listener;
        pthread_mutex_unlock(&relay->lock);
        int ready = poll(relay->polled, count, timeout);
        pthread_mutex_lock(&relay->lock);
        if (ready >= 0) {
            relay_serve(relay);
        }
        if (ready > 0 && listener == relay->listener && relay->polled[POLLED_LISTENER].revents) {
            relay_accept(relay);
        }
    }
    pthread_mutex_unlock(&relay->lock);
    return NULL;
}

/* All signals are blocked in the new thread: they are for the test's own thread. */
static int relay_start_thread(struct mt_relay *relay, struct mt_error *error)
{
    sigset_t all;
    sigset_t before;

    if (relay->runs) {
        return 0;
    }
    relay->wake = relay->wake < 0 ? eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) : relay->wake;
    if (relay->wake < 0) {
        return mt_fail_errno(error, "cannot have a descriptor to wake the relay");
    }
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    errno = pthread_create(&relay->thread, NULL, relay_run, relay);
    relay->runs = errno == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return relay->runs ? 0 : mt_fail_errno(error, "cannot start a thread for the relay");
}

static int listen_at(union address *place, socklen_t *size, struct mt_error *error)
{
    const int queue = 512; /* more than the number of channels that multifd can have */
    if (place->any.sa_family == AF_UNIX) {
        /* A pair before this one may have left it in the same scratch folder. */
        unlink(place->local.sun_path);
    }
    MT_AUTO_FD int listener =
        socket(place->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (listener < 0 || bind(listener, &place->any, *size) < 0 || listen(listener, queue) < 0 ||
        getsockname(listener, &place->any, size) < 0) {
        mt_fail_errno(error, "the relay cannot listen");
        return -1;
    }
    return mt_take_fd(&listener);
}

static int relay_open(struct mt_relay *relay, union address *place, socklen_t size,
                      const union address *target, struct mt_error *error)
{
    socklen_t place_size = size;
    int listener = listen_at(place, &place_size, error);

    if (listener < 0) {
        return -1;
    }
    pthread_mutex_lock(&relay->lock);
    relay_end_all(relay);
    relay->listener = listener;
    relay->target = *target;
    relay->target_size = size;
    memset(relay->bytes, 0, sizeof(relay->bytes));
    pthread_mutex_unlock(&relay->lock);
    wake_up(relay);
    return relay_start_thread(relay, error);
}

static int fill_path(union address *address, const char *path, struct mt_error *error)
{
    *address = (union address){.local = {.sun_family = AF_UNIX}};
    if (strlen(path) >= sizeof(address->local.sun_path)) {
        return mt_fail(error, "%s is too long for a UNIX socket", path);
    }
    memcpy(address->local.sun_path, path, strlen(path));
    return 0;
}

int mt_relay_open_unix(struct mt_relay *relay, const char *path, const char *target,
                       struct mt_error *error)
{
    union address place;
    union address to;

    if (fill_path(&place, path, error) < 0 || fill_path(&to, target, error) < 0) {
        return -1;
    }
    return relay_open(relay, &place, sizeof(place.local), &to, error);
}

static union address loopback(uint16_t port)
{
    return (union address){.inet = {.sin_family = AF_INET,
                                    .sin_port = htons(port),
                                    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}};
}

int mt_relay_open_tcp(struct mt_relay *relay, uint16_t target, uint16_t *ret_port,
                      struct mt_error *error)
{
    union address place = loopback(0);
    union address to = loopback(target);

    if (relay_open(relay, &place, sizeof(place.inet), &to, error) < 0) {
        return -1;
    }
    *ret_port = ntohs(place.inet.sin_port);
    return 0;
}

void mt_relay_hold(struct mt_relay *relay, enum mt_direction direction, bool held)
{
    pthread_mutex_lock(&relay->lock);
    relay->held[direction] = held;
    pthread_mutex_unlock(&relay->lock);
    wake_up(relay);
}

bool mt_relay_holds(struct mt_relay *relay)
{
    pthread_mutex_lock(&relay->lock);
    bool holds = relay->held[MT_TO_DESTINATION] || relay->held[MT_TO_SOURCE];
    pthread_mutex_unlock(&relay->lock);
    return holds;
}

int64_t mt_relay_bytes(struct mt_relay *relay, enum mt_direction direction)
{
    pthread_mutex_lock(&relay->lock);
    int64_t bytes = relay->bytes[direction];
    pthread_mutex_unlock(&relay->lock);
    return bytes;
}
