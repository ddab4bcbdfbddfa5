/* SPDX-License-Identifier: Apache-2.0 */
/* The QMP connection with the test as the peer, which does what a real QEMU does not do on demand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/monitor/qmp.h"

struct wire {
    struct mt_qmp qmp;
    int peer;
    struct mt_error error;
};

static int connect_wire(void **state)
{
    struct wire *wire = calloc(1, sizeof(*wire));
    int ends[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    mt_qmp_init(&wire->qmp, ends[0]);
    wire->peer = ends[1];
    *state = wire;
    return 0;
}

static int close_wire(void **state)
{
    struct wire *wire = *state;

    mt_qmp_clear(&wire->qmp);
    close(wire->peer);
    mt_error_clear(&wire->error);
    free(wire);
    return 0;
}

static int peer_says(struct wire *wire, const char *text)
{
    assert_int_equal(write(wire->peer, text, strlen(text)), (ssize_t)strlen(text));
    return mt_qmp_receive(&wire->qmp, &wire->error);
}

static void messages_come_in_any_pieces(void **state)
{
    struct wire *wire = *state;

    assert_int_equal(peer_says(wire, "{\"QMP\": {\"ver"), 0);
    assert_false(wire->qmp.greeted);
    assert_int_equal(peer_says(wire, "sion\": {}}}\r\n{\"event\": \"STOP\"}\r\n{\"ev"), 0);
    assert_true(wire->qmp.greeted);
    assert_int_equal(peer_says(wire, "ent\": \"RESUME\"}\n"), 0);
    assert_int_equal(wire->qmp.events.count, 2);
}

/* QEMU's own test harness drops the events that it does not wait for. */
static void no_event_is_lost(void **state)
{
    struct wire *wire = *state;

    assert_int_equal(peer_says(wire, "{\"event\": \"STOP\"}\n{\"event\": \"RESUME\"}\n"
                                     "{\"event\": \"STOP\"}\n"),
                     0);
    assert_non_null(mt_events_take(&wire->qmp.events, "RESUME"));
    assert_null(mt_events_take(&wire->qmp.events, "RESUME"));
    assert_non_null(mt_events_take(&wire->qmp.events, "STOP"));
    assert_non_null(mt_events_take(&wire->qmp.events, "STOP"));
    assert_null(mt_events_take(&wire->qmp.events, "STOP"));
    assert_non_null(mt_events_find(&wire->qmp.events, "STOP", 1, NULL));
}

static void replies_find_their_commands(void **state)
{
    struct wire *wire = *state;
    uint64_t first;
    uint64_t second;
    char sent[256] = {0};

    assert_int_equal(mt_qmp_send(&wire->qmp, "one", NULL, -1, &first, &wire->error), 0);
    assert_int_equal(mt_qmp_send(&wire->qmp, "two", NULL, -1, &second, &wire->error), 0);
    assert_true(read(wire->peer, sent, sizeof(sent) - 1) > 0);
    assert_non_null(strstr(sent, "\"execute\":\"one\""));
    assert_int_equal(peer_says(wire, "{\"return\": 2, \"id\": 2}\n{\"return\": 1, \"id\": 1}\n"),
                     0);
    json_t *reply = mt_qmp_take_reply(&wire->qmp, first);
    assert_int_equal(json_integer_value(json_object_get(reply, "return")), 1);
    json_decref(reply);
    reply = mt_qmp_take_reply(&wire->qmp, second);
    assert_int_equal(json_integer_value(json_object_get(reply, "return")), 2);
    json_decref(reply);
    assert_null(mt_qmp_take_reply(&wire->qmp, second));
}

static void rubbish_is_an_error(void **state)
{
    struct wire *wire = *state;

    assert_int_equal(peer_says(wire, "no monitor\n"), -1);
    assert_non_null(strstr(mt_error_text(&wire->error), "not JSON: no monitor ("));
    mt_error_clear(&wire->error);
    assert_int_equal(peer_says(wire, "{\"event\": \"STOP\"}\n"), 0);
}

/* A counter that fell below 0 is such a number. */
static void numbers_may_need_all_64_bits(void **state)
{
    struct wire *wire = *state;
    uint64_t id;

    assert_int_equal(mt_qmp_send(&wire->qmp, "one", NULL, -1, &id, &wire->error), 0);
    assert_int_equal(
        peer_says(wire, "{\"return\": {\"a\": 18446744073709551615, \"b\": 7}, \"id\": 1}\n"), 0);
    json_t *reply = mt_qmp_take_reply(&wire->qmp, id);
    const json_t *value = json_object_get(reply, "return");
    assert_true(json_number_value(json_object_get(value, "a")) > 18e18);
    assert_int_equal(json_integer_value(json_object_get(value, "b")), 7);
    json_decref(reply);
}

static void foreign_objects_are_an_error(void **state)
{
    struct wire *wire = *state;

    assert_int_equal(peer_says(wire, "{\"hello\": 1}\n"), -1);
    assert_non_null(strstr(mt_error_text(&wire->error), "neither a reply nor an event"));
}

static void the_end_is_noticed(void **state)
{
    struct wire *wire = *state;

    shutdown(wire->peer, SHUT_WR);
    assert_int_equal(mt_qmp_receive(&wire->qmp, &wire->error), 0);
    assert_true(wire->qmp.closed);
}

#define on_a_wire(test) cmocka_unit_test_setup_teardown(test, connect_wire, close_wire)

int main(void)
{
    const struct CMUnitTest tests[] = {
        on_a_wire(messages_come_in_any_pieces),  on_a_wire(no_event_is_lost),
        on_a_wire(replies_find_their_commands),  on_a_wire(rubbish_is_an_error),
        on_a_wire(numbers_may_need_all_64_bits), on_a_wire(foreign_objects_are_an_error),
        on_a_wire(the_end_is_noticed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
