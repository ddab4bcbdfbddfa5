/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A place is what tells one address of a transport from another: a path, a port, or the name of a
 * descriptor.
 */
#include "lib/migration/transport.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"

struct transport {
    const char *prefix; /* of a URI, before the place */
    char *(*listen_place)(const struct mt_pair *pair, const struct mt_request *request);
    /* Where the destination listens then; NULL: at the same place. */
    int (*find_place)(struct mt_pair *pair, char **ret_place, struct mt_error *error);
    /* Opens a relay in front of a place, and tells its own; NULL: no relay can stand there. */
    int (*relay)(struct mt_pair *pair, const char *place, char **ret_place, struct mt_error *error);
    const char *channel_type;  /* of an address in a list of channels; NULL: has no such list */
    const char *channel_place; /* the name of the place there */
    const char *channel_host;  /* NULL: none */
    bool by_descriptor;        /* of which the test tells the name */
    bool sequential;           /* see mt_transport_is_sequential */
};

static char *unix_listen_place(const struct mt_pair *pair, const struct mt_request *request)
{
    (void)request;
    return mt_text("%s/migration%u.sock", pair->config->scratch, pair->destinations);
}

static int relay_unix(struct mt_pair *pair, const char *place, char **ret_place,
                      struct mt_error *error)
{
    MT_AUTO_FREE char *path = mt_text("%s.relay%u", place, ++pair->wire.paths);

    if (mt_relay_open_unix(mt_pair_relay(pair), path, place, error) < 0) {
        return -1;
    }
    *ret_place = mt_take_pointer(path);
    return 0;
}

/* The destination chooses a port. */
static char *tcp_listen_place(const struct mt_pair *pair, const struct mt_request *request)
{
    (void)pair;
    (void)request;
    return mt_text_copy("0");
}

/* QEMU tells the port since 4.0. */
static int tcp_find_place(struct mt_pair *pair, char **ret_place, struct mt_error *error)
{
    MT_AUTO_JSON json_t *migration = NULL;

    if (mt_vm_qmp(pair->sides[MT_DESTINATION].vm, &migration, error, "query-migrate", NULL) < 0) {
        return -1;
    }
    json_t *address = json_array_get(json_object_get(migration, "socket-address"), 0);
    const char *port = mt_json_find_text(address, "port");
    if (port == NULL) {
        return mt_fail(error, "the destination does not say on which port it listens");
    }
    *ret_place = mt_text_copy(port);
    return 0;
}

static int relay_tcp(struct mt_pair *pair, const char *place, char **ret_place,
                     struct mt_error *error)
{
    uint16_t port = 0;

    if (mt_relay_open_tcp(mt_pair_relay(pair), (uint16_t)strtoul(place, NULL, 10), &port, error) <
        0) {
        return -1;
    }
    *ret_place = mt_text("%u", port);
    return 0;
}

static char *fd_place(const struct mt_pair *pair, const struct mt_request *request)
{
    (void)pair;
    return mt_text_copy(request->fd_name);
}

static const struct transport transports[] = {
    [MT_UNIX] = {.prefix = "unix:",
                 .listen_place = unix_listen_place,
                 .relay = relay_unix,
                 .channel_type = "unix",
                 .channel_place = "path"},
    [MT_TCP] = {.prefix = "tcp:127.0.0.1:",
                .listen_place = tcp_listen_place,
                .find_place = tcp_find_place,
                .relay = relay_tcp,
                .channel_type = "inet",
                .channel_place = "port",
                .channel_host = "127.0.0.1"},
    [MT_FD] = {.prefix = "fd:", .listen_place = fd_place, .by_descriptor = true},
    [MT_FD_FILE] =
        {.prefix = "fd:", .listen_place = fd_place, .by_descriptor = true, .sequential = true},
};

int mt_transport_check(const struct mt_request *request, struct mt_error *error)
{
    /* An enum that a plugin made has any value. */
    if ((size_t)request->transport >= sizeof(transports) / sizeof(transports[0])) {
        return mt_fail(error, "there is no transport %d", (int)request->transport);
    }
    const struct transport *transport = &transports[request->transport];
    if (transport->by_descriptor && request->fd_name == NULL) {
        return mt_fail(error, "a migration over a descriptor needs its name: .fd_name is missing");
    }
    if (request->relay && transport->relay == NULL) {
        return mt_fail(error, "a descriptor leaves no place for a relay");
    }
    if (request->as_channels && transport->channel_type == NULL) {
        return mt_fail(error, "a descriptor leaves no place for a list of channels");
    }
    return 0;
}

bool mt_transport_is_sequential(const struct mt_request *request)
{
    return transports[request->transport].sequential;
}

static json_t *uri_argument(const struct transport *transport, const char *place)
{
    MT_AUTO_FREE char *uri = mt_text("%s%s", transport->prefix, place);

    return json_pack("{s:s}", "uri", uri);
}

static json_t *channels_argument(const struct transport *transport, const char *place)
{
    return json_pack("{s:[{s:s, s:{s:s, s:s, s:s*, s:s}}]}", "channels", "channel-type", "main",
                     "addr", "transport", "socket", "type", transport->channel_type, "host",
                     transport->channel_host, transport->channel_place, place);
}

json_t *mt_transport_incoming(const struct mt_pair *pair, const struct mt_request *request)
{
    const struct transport *transport = &transports[request->transport];
    MT_AUTO_FREE char *place = transport->listen_place(pair, request);

    return uri_argument(transport, place);
}

/* Where the source connects: to the destination, or to the relay in front of it. */
static int find_target(struct mt_pair *pair, const struct mt_request *request, char **ret_place,
                       struct mt_error *error)
{
    const struct transport *transport = &transports[request->transport];
    MT_AUTO_FREE char *place = NULL;

    if (transport->find_place == NULL) {
        place = transport->listen_place(pair, request);
    } else if (transport->find_place(pair, &place, error) < 0) {
        return -1;
    }
    if (request->relay) {
        return transport->relay(pair, place, ret_place, error);
    }
    *ret_place = mt_take_pointer(place);
    return 0;
}

int mt_transport_outgoing(struct mt_pair *pair, const struct mt_request *request,
                          json_t **ret_arguments, struct mt_error *error)
{
    const struct transport *transport = &transports[request->transport];
    MT_AUTO_FREE char *place = NULL;

    if (find_target(pair, request, &place, error) < 0) {
        return -1;
    }
    *ret_arguments =
        request->as_channels ? channels_argument(transport, place) : uri_argument(transport, place);
    return 0;
}
