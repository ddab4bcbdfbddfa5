/* SPDX-License-Identifier: Apache-2.0 */
/* Which network a test is in: by the namespaces of itself, of its QEMUs and of the host. */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <migtest/migtest.h>

static const struct mt_option options[] = {
    {.name = "host", .type = MT_OPTION_STRING, .help = "the namespace of the host's network"},
};

MT_PLUGIN(.name = "network", .version = "1.0", .vendor = "migtest", .licence = "Apache-2.0",
          .summary = "The network of a test", MT_OPTIONS(options));

struct name {
    char text[64];
};

static struct name network_of(pid_t pid)
{
    struct name name = {""};
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)pid);
    ssize_t size = readlink(path, name.text, sizeof(name.text) - 1);
    assert_true(size > 0);
    return name;
}

static void has_its_own(void **state)
{
    struct mt_pair *pair = *state;
    struct name own = network_of(getpid());
    struct sockaddr_in address = {.sin_family = AF_INET};

    assert_string_not_equal(own.text, mt_option_string(pair, "host"));
    assert_string_equal(own.text, network_of(mt_pid(mt_source(pair))).text);
    assert_string_equal(own.text, network_of(mt_pid(mt_destination(pair))).text);
    /* A port of any number is free, as nobody else is here. */
    address.sin_port = htons(22);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(probe, (struct sockaddr *)&address, sizeof(address)), -1);
    close(probe);
    mt_migrate(pair, MT_MIGRATION(.transport = MT_TCP, .relay = true));
}

static void has_the_hosts(void **state)
{
    struct mt_pair *pair = *state;

    assert_string_equal(network_of(getpid()).text, mt_option_string(pair, "host"));
    mt_migrate(pair, MT_MIGRATION(.transport = MT_TCP));
}

static const struct mt_test tests[] = {
    {.name = "own", .run = has_its_own},
    {.name = "host", .run = has_the_hosts, .machine = MT_MACHINE(.host_network = true)},
    {.name = "host-by-manifest", .run = has_the_hosts},
};

int mt_plugin_register(struct mt_registry *registry)
{
    return mt_register_group(registry, MT_GROUP("network", tests));
}
