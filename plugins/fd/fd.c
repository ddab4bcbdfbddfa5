/* SPDX-License-Identifier: Apache-2.0 */
/* Migration over descriptors that the test gives to QEMU: a connected pair of sockets, and a file.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>

#include "plugins/upstream.h"

#include <migtest/migtest.h>

#define FD_NAME "fd-mig"

MT_PLUGIN(.name = "fd", .version = "1.0", .vendor = "migtest", .licence = "Apache-2.0",
          .summary = "Migration through descriptors handed to QEMU");

/* A migration uses up its descriptor: no side may still have a descriptor of that name. */
static void assert_used_up(struct mt_vm *vm)
{
    struct mt_reply *error = mt_qmp_error(vm, "closefd", "{'fdname': %s}", FD_NAME);

    assert_string_equal(mt_reply_string(error, "desc"),
                        "File descriptor named '" FD_NAME "' not found");
}

static void assert_both_used_up(struct mt_pair *pair)
{
    assert_used_up(mt_source(pair));
    assert_used_up(mt_destination(pair));
}

static void socket_pair(void **state)
{
    struct mt_pair *pair = *state;
    int ends[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    mt_own_fd(pair, ends[0]);
    mt_own_fd(pair, ends[1]);
    mt_give_fd(pair, mt_destination(pair), ends[0], FD_NAME);
    mt_give_fd(pair, mt_source(pair), ends[1], FD_NAME);
    mt_migrate(pair, MT_MIGRATION(.transport = MT_FD, .fd_name = FD_NAME));
    assert_both_used_up(pair);
}

/* Each side opens the file itself, so that each has a file offset of its own. */
static int open_file(struct mt_pair *pair)
{
    char path[256];

    snprintf(path, sizeof(path), "%s/stream", mt_scratch(pair));
    int fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0660);
    assert_true(fd >= 0);
    return mt_own_fd(pair, fd);
}

static void file(void **state)
{
    struct mt_pair *pair = *state;

    mt_give_fd(pair, mt_destination(pair), open_file(pair), FD_NAME);
    mt_give_fd(pair, mt_source(pair), open_file(pair), FD_NAME);
    mt_migrate(pair, MT_MIGRATION(.transport = MT_FD_FILE, .fd_name = FD_NAME));
    assert_both_used_up(pair);
}

static const struct mt_test tests[] = {
    {
        .name = "precopy/fd/tcp",
        .summary = "A stopped guest moves through a pair of sockets",
        .run = socket_pair,
        .machine = UPSTREAM_GUEST,
    },
    {
        .name = "precopy/fd/file",
        .summary = "A stopped guest moves into a file, and out of it again",
        .run = file,
        .needs = MT_NEEDS(.transports = MT_LIST("fd-file")),
        .machine = UPSTREAM_GUEST,
    },
};

int mt_plugin_register(struct mt_registry *registry)
{
    return mt_register_group(registry, MT_GROUP("fd", tests));
}
