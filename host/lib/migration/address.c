/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/migration/address.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"
#include "lib/monitor/json_format.h"

static char *unix_path(const struct mt_pair *pair)
{
    return mt_text("%s/migration%u.sock", pair->config->scratch, pair->destinations);
}

static int uri_argument(char *uri, json_t **ret_arguments, struct mt_error *error)
{
    int result = mt_json_format(ret_arguments, error, "{'uri': %s}", uri);

    free(uri);
    return result;
}

int mt_address_incoming(const struct mt_pair *pair, const struct mt_migration *wants,
                        json_t **ret_arguments, struct mt_error *error)
{
    if (wants->transport == MT_UNIX) {
        MT_AUTO_FREE char *path = unix_path(pair);
        return uri_argument(mt_text("unix:%s", path), ret_arguments, error);
    }
    if (wants->transport == MT_TCP) {
        return uri_argument(mt_text_copy("tcp:127.0.0.1:0"), ret_arguments, error);
    }
    return uri_argument(mt_text("fd:%s", wants->fd_name), ret_arguments, error);
}

/* The destination chose the port; since 4.0 it says which. */
static int listening_port(struct mt_pair *pair, uint16_t *ret_port, struct mt_error *error)
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
    *ret_port = (uint16_t)strtoul(port, NULL, 10);
    return 0;
}

/* Where the source connects: to the destination, or to the relay before it. */
static int port_to_connect(struct mt_pair *pair, const struct mt_migration *wants, char **ret_port,
                           struct mt_error *error)
{
    uint16_t port = 0;

    if (listening_port(pair, &port, error) < 0 ||
        (wants->relay && mt_relay_open_tcp(mt_pair_relay(pair), port, &port, error) < 0)) {
        return -1;
    }
    *ret_port = mt_text("%u", port);
    return 0;
}

static int path_to_connect(struct mt_pair *pair, const struct mt_migration *wants, char **ret_path,
                           struct mt_error *error)
{
    MT_AUTO_FREE char *target = unix_path(pair);

    if (!wants->relay) {
        *ret_path = mt_take_pointer(target);
        return 0;
    }
    MT_AUTO_FREE char *path = mt_text("%s.relay%u", target, ++pair->relays);
    if (mt_relay_open_unix(mt_pair_relay(pair), path, target, error) < 0) {
        return -1;
    }
    *ret_path = mt_take_pointer(path);
    return 0;
}

static int tcp_arguments(struct mt_pair *pair, const struct mt_migration *wants,
                         json_t **ret_arguments, struct mt_error *error)
{
    MT_AUTO_FREE char *port = NULL;

    if (port_to_connect(pair, wants, &port, error) < 0) {
        return -1;
    }
    if (wants->as_channels) {
        return mt_json_format(ret_arguments, error,
                              "{'channels': [{'channel-type': 'main', 'addr': {'transport': "
                              "'socket', 'type': 'inet', 'host': '127.0.0.1', 'port': %s}}]}",
                              port);
    }
    return uri_argument(mt_text("tcp:127.0.0.1:%s", port), ret_arguments, error);
}

static int unix_arguments(struct mt_pair *pair, const struct mt_migration *wants,
                          json_t **ret_arguments, struct mt_error *error)
{
    MT_AUTO_FREE char *path = NULL;

    if (path_to_connect(pair, wants, &path, error) < 0) {
        return -1;
    }
    if (wants->as_channels) {
        return mt_json_format(ret_arguments, error,
                              "{'channels': [{'channel-type': 'main', 'addr': {'transport': "
                              "'socket', 'type': 'unix', 'path': %s}}]}",
                              path);
    }
    return uri_argument(mt_text("unix:%s", path), ret_arguments, error);
}

int mt_address_outgoing(struct mt_pair *pair, const struct mt_migration *wants,
                        json_t **ret_arguments, struct mt_error *error)
{
    switch (wants->transport) {
    case MT_UNIX:
        return unix_arguments(pair, wants, ret_arguments, error);
    case MT_TCP:
        return tcp_arguments(pair, wants, ret_arguments, error);
    case MT_FD:
        if (wants->relay || wants->as_channels) {
            return mt_fail(error, "a descriptor leaves no place for %s",
                           wants->relay ? "a relay" : "a list of channels");
        }
        return uri_argument(mt_text("fd:%s", wants->fd_name), ret_arguments, error);
    }
    return mt_fail(error, "there is no transport %d", (int)wants->transport);
}
