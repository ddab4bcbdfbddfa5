/* SPDX-License-Identifier: Apache-2.0 */
/* The relay passes everything on, in both directions and over many connections, unless it is held.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "lib/wire/relay.h"

enum {
    MOMENT_MS = 100, /* how long to wait for bytes that must not come */
    PATIENCE_MS = 10000,
    MUCH = 4 * 1024 * 1024, /* more bytes than the sockets and the relay can hold */
};

struct setting {
    struct mt_relay *relay;
    struct mt_error error;
    char folder[32];
    struct sockaddr_un target;
    struct sockaddr_un place;
    int listener;
};

static struct sockaddr_un address_in(const struct setting *setting, const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    snprintf(address.sun_path, sizeof(address.sun_path), "%s/%s", setting->folder, name);
    return address;
}

static int open_setting(void **state)
{
    struct setting *setting = calloc(1, sizeof(*setting));

    strcpy(setting->folder, "/tmp/relay.XXXXXX");
    assert_non_null(mkdtemp(setting->folder));
    setting->target = address_in(setting, "target");
    setting->place = address_in(setting, "relay");
    setting->listener = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(
        bind(setting->listener, (struct sockaddr *)&setting->target, sizeof(setting->target)), 0);
    assert_int_equal(listen(setting->listener, 64), 0);
    setting->relay = mt_relay_new();
    assert_int_equal(mt_relay_open_unix(setting->relay, setting->place.sun_path,
                                        setting->target.sun_path, &setting->error),
                     0);
    *state = setting;
    return 0;
}

static int close_setting(void **state)
{
    struct setting *setting = *state;

    mt_relay_destroy(setting->relay);
    close(setting->listener);
    unlink(setting->target.sun_path);
    unlink(setting->place.sun_path);
    rmdir(setting->folder);
    mt_error_clear(&setting->error);
    free(setting);
    return 0;
}

struct ends {
    int source;
    int destination;
};

static struct ends connect_ends(const struct setting *setting)
{
    struct ends ends = {.source = socket(AF_UNIX, SOCK_STREAM, 0)};

    assert_int_equal(
        connect(ends.source, (const struct sockaddr *)&setting->place, sizeof(setting->place)), 0);
    ends.destination = accept(setting->listener, NULL, NULL);
    assert_true(ends.destination >= 0);
    return ends;
}

static void close_ends(struct ends ends)
{
    close(ends.source);
    close(ends.destination);
}

static int has_come(int fd, int ms)
{
    struct pollfd polled = {.fd = fd, .events = POLLIN};

    return poll(&polled, 1, ms);
}

static void expect(int fd, const char *text)
{
    char found[64] = "";

    assert_int_equal(has_come(fd, PATIENCE_MS), 1);
    assert_int_equal(recv(fd, found, sizeof(found) - 1, 0), strlen(text));
    assert_string_equal(found, text);
}

static void say(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

static void passes_both_ways(void **state)
{
    struct setting *setting = *state;
    struct ends ends = connect_ends(setting);

    say(ends.source, "stream");
    expect(ends.destination, "stream");
    say(ends.destination, "answer!");
    expect(ends.source, "answer!");
    assert_int_equal(mt_relay_bytes(setting->relay, MT_TO_DESTINATION), strlen("stream"));
    assert_int_equal(mt_relay_bytes(setting->relay, MT_TO_SOURCE), strlen("answer!"));
    close_ends(ends);
}

static void holds_one_way(void **state)
{
    struct setting *setting = *state;

    mt_relay_hold(setting->relay, MT_TO_SOURCE, true);
    struct ends ends = connect_ends(setting);
    say(ends.destination, "answer");
    say(ends.source, "stream");
    expect(ends.destination, "stream");
    assert_int_equal(has_come(ends.source, MOMENT_MS), 0);
    mt_relay_hold(setting->relay, MT_TO_SOURCE, false);
    expect(ends.source, "answer");
    close_ends(ends);
}

/* When one side has ended its direction, the other side can still answer. */
static void passes_the_end_on(void **state)
{
    struct ends ends = connect_ends(*state);

    say(ends.source, "last");
    shutdown(ends.source, SHUT_WR);
    expect(ends.destination, "last");
    expect(ends.destination, "");
    say(ends.destination, "answer");
    expect(ends.source, "answer");
    close(ends.destination);
    expect(ends.source, "");
    close(ends.source);
}

static void holds_the_end_too(void **state)
{
    struct setting *setting = *state;
    struct ends ends = connect_ends(setting);

    mt_relay_hold(setting->relay, MT_TO_DESTINATION, true);
    close(ends.source);
    assert_int_equal(has_come(ends.destination, MOMENT_MS), 0);
    mt_relay_hold(setting->relay, MT_TO_DESTINATION, false);
    expect(ends.destination, "");
    close(ends.destination);
}

/* A source whose direction is held does not learn that its destination is gone. */
static void holds_the_end_of_a_destination_that_is_gone(void **state)
{
    struct setting *setting = *state;
    struct ends ends = connect_ends(setting);

    mt_relay_hold(setting->relay, MT_TO_SOURCE, true);
    close(ends.destination);
    say(ends.source, "in vain");
    assert_int_equal(has_come(ends.source, MOMENT_MS), 0);
    mt_relay_hold(setting->relay, MT_TO_SOURCE, false);
    expect(ends.source, "");
    close(ends.source);
}

/* The number of connections: more than a backlog of 0 has places for. */
enum { QUEUE = 3 };

static void connect_queue(const struct sockaddr *place, socklen_t size, int *sources)
{
    for (size_t i = 0; i < QUEUE; i++) {
        sources[i] = socket(place->sa_family, SOCK_STREAM, 0);
        assert_int_equal(connect(sources[i], place, size), 0);
        say(sources[i], "stream");
    }
}

/* No function waits for the destination. Otherwise SIGALRM would end the program. */
static void expect_no_wait(struct mt_relay *relay)
{
    alarm(PATIENCE_MS / 1000);
    usleep(MOMENT_MS * 1000);
    mt_relay_hold(relay, MT_TO_SOURCE, true);
    assert_true(mt_relay_holds(relay));
    mt_relay_hold(relay, MT_TO_SOURCE, false);
    assert_in_range(mt_relay_bytes(relay, MT_TO_DESTINATION), 0, QUEUE * strlen("stream"));
    alarm(0);
}

static void waits_for_no_place_in_a_backlog(void **state)
{
    struct setting *setting = *state;
    int sources[QUEUE];

    assert_int_equal(listen(setting->listener, 0), 0);
    connect_queue((struct sockaddr *)&setting->place, sizeof(setting->place), sources);
    expect_no_wait(setting->relay);
    for (size_t i = 0; i < QUEUE; i++) {
        int destination = accept(setting->listener, NULL, NULL);
        expect(destination, "stream");
        say(destination, "answer");
        expect(sources[i], "answer");
        close_ends((struct ends){sources[i], destination});
    }
}

/* The destination never accepts a connection. Destroying the relay must not wait for it, either. */
static void ends_while_a_connection_waits(void **state)
{
    struct setting *setting = *state;
    int sources[QUEUE];

    assert_int_equal(listen(setting->listener, 0), 0);
    connect_queue((struct sockaddr *)&setting->place, sizeof(setting->place), sources);
    expect_no_wait(setting->relay);
    alarm(PATIENCE_MS / 1000);
    mt_relay_destroy(mt_take_pointer(setting->relay));
    alarm(0);
    for (size_t i = 0; i < QUEUE; i++) {
        assert_int_equal(has_come(sources[i], PATIENCE_MS), 1);
        close(sources[i]);
    }
}

/* No descriptor is left for the other end of a connection. */
static void refuses_a_connection_without_descriptors(void **state)
{
    struct setting *setting = *state;
    struct rlimit before;
    int source = socket(AF_UNIX, SOCK_STREAM, 0);
    int first_free = dup(source);
    char byte;

    close(first_free);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    struct rlimit none = {.rlim_cur = (rlim_t)first_free, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    assert_int_equal(
        connect(source, (const struct sockaddr *)&setting->place, sizeof(setting->place)), 0);
    int came = has_come(source, PATIENCE_MS);
    ssize_t got = recv(source, &byte, 1, MSG_DONTWAIT);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(came, 1);
    assert_true(got <= 0);
    close(source);
}

static size_t send_all_there_is_room_for(int fd, const char *bytes, size_t size)
{
    size_t sent = 0;
    struct pollfd polled = {.fd = fd, .events = POLLOUT};

    while (sent < size && poll(&polled, 1, MOMENT_MS) > 0) {
        ssize_t took = send(fd, bytes + sent, size - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
        sent += took > 0 ? (size_t)took : 0;
    }
    return sent;
}

/* A side that does not read delays only its own connection, and loses nothing. */
static void waits_for_a_late_reader(void **state)
{
    struct ends late = connect_ends(*state);
    struct ends other = connect_ends(*state);
    char *bytes = malloc(MUCH);
    char *found = malloc(MUCH);

    for (size_t i = 0; i < MUCH; i++) {
        bytes[i] = (char)(i * 7 / 3);
    }
    size_t sent = send_all_there_is_room_for(late.source, bytes, MUCH);
    assert_in_range(sent, 1, MUCH - 1);
    say(other.source, "stream");
    expect(other.destination, "stream");
    for (size_t got = 0; got < sent;) {
        ssize_t took = recv(late.destination, found + got, sent - got, 0);
        assert_true(took > 0);
        got += (size_t)took;
    }
    assert_memory_equal(bytes, found, sent);
    free(bytes);
    free(found);
    close_ends(late);
    close_ends(other);
}

static void relays_many(void **state)
{
    enum { MANY = 17 };
    struct ends ends[MANY];

    for (size_t i = 0; i < MANY; i++) {
        ends[i] = connect_ends(*state);
    }
    for (size_t i = 0; i < MANY; i++) {
        char text[16];
        snprintf(text, sizeof(text), "channel %zu", i);
        say(ends[i].source, text);
        expect(ends[i].destination, text);
    }
    for (size_t i = 0; i < MANY; i++) {
        close_ends(ends[i]);
    }
}

static void ends_a_source_that_cannot_be_connected(void **state)
{
    struct setting *setting = *state;
    int source = socket(AF_UNIX, SOCK_STREAM, 0);

    unlink(setting->target.sun_path);
    assert_int_equal(
        connect(source, (const struct sockaddr *)&setting->place, sizeof(setting->place)), 0);
    expect(source, "");
    close(source);
}

static void opens_again(void **state)
{
    struct setting *setting = *state;
    struct ends before = connect_ends(setting);
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof(address);
    uint16_t port;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    int source = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    assert_int_equal(
        mt_relay_open_tcp(setting->relay, ntohs(address.sin_port), &port, &setting->error), 0);
    expect(before.source, "");
    address.sin_port = htons(port);
    assert_int_equal(connect(source, (struct sockaddr *)&address, size), 0);
    int destination = accept(listener, NULL, NULL);
    say(source, "stream");
    expect(destination, "stream");
    close_ends(before);
    close_ends((struct ends){source, destination});
    close(listener);
}

static void waits_for_no_place_in_a_backlog_of_tcp(void **state)
{
    struct setting *setting = *state;
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof(address);
    uint16_t port;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    int sources[QUEUE];

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, 0), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    assert_int_equal(
        mt_relay_open_tcp(setting->relay, ntohs(address.sin_port), &port, &setting->error), 0);
    address.sin_port = htons(port);
    connect_queue((struct sockaddr *)&address, size, sources);
    expect_no_wait(setting->relay);
    int destination = accept(listener, NULL, NULL);
    expect(destination, "stream");
    close(destination);
    close(listener);
    for (size_t i = 0; i < QUEUE; i++) {
        close(sources[i]);
    }
}

static void says_that_no_descriptor_is_left(void **state)
{
    struct setting *setting = *state;
    struct rlimit before;
    struct mt_relay *relay = mt_relay_new();
    struct sockaddr_un place = address_in(setting, "other");
    int first_free = dup(setting->listener);

    close(first_free);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    /* For its listener. */
    struct rlimit few = {.rlim_cur = (rlim_t)first_free + 1, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    int result =
        mt_relay_open_unix(relay, place.sun_path, setting->target.sun_path, &setting->error);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    mt_relay_destroy(relay);
    unlink(place.sun_path);
    assert_int_equal(result, -1);
    assert_non_null(strstr(mt_error_text(&setting->error), "Too many open files"));
}

static void says_what_is_impossible(void **state)
{
    struct setting *setting = *state;
    char path[200];

    memset(path, 'x', sizeof(path) - 1);
    path[sizeof(path) - 1] = '\0';
    assert_int_equal(mt_relay_open_unix(setting->relay, path, "/target", &setting->error), -1);
    assert_non_null(strstr(mt_error_text(&setting->error), "is too long for a UNIX socket"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(passes_both_ways, open_setting, close_setting),
        cmocka_unit_test_setup_teardown(holds_one_way, open_setting, close_setting),
        cmocka_unit_test_setup_teardown(passes_the_end_on, open_setting, close_setting),
        cmocka_unit_test_setup_teardown(holds_the_end_too, open_setting, close_setting),
        cmocka_unit_test_setup_teardown(refuses_a_connection_without_descriptors, open_setting,
                                        close_setting),
        cmocka_unit_test_setup_teardown(holds_the_end_of_a_destination_that_is_gone, open_setting,
                                        close_setting),
        cmocka_unit_test_setup_teardown(waits_for_a_late_reader, open_setting, close_setting),
        cmocka_unit_test_setup_teardown(relays_many, open_setting, close_setting),
        cmocka_unit_test_setup_teardown(ends_a_source_that_cannot_be_connected, open_setting,
                                        close_setting),
        cmocka_unit_test_setup_teardown(opens_again, open_setting, close_setting),
        cmocka_unit_test_setup_teardown(waits_for_no_place_in_a_backlog, open_setting,
                                        close_setting),
        cmocka_unit_test_setup_teardown(waits_for_no_place_in_a_backlog_of_tcp, open_setting,
                                        close_setting),
        cmocka_unit_test_setup_teardown(ends_while_a_connection_waits, open_setting, close_setting),
        cmocka_unit_test_setup_teardown(says_that_no_descriptor_is_left, open_setting,
                                        close_setting),
        cmocka_unit_test_setup_teardown(says_what_is_impossible, open_setting, close_setting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
