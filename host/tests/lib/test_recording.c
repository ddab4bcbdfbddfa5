/* SPDX-License-Identifier: Apache-2.0 */
/* What a failure's bundle can show of the monitor and the serial line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/text.h"
#include "lib/guest/serial.h"
#include "lib/monitor/qmp.h"

struct scene {
    char folder[64];
    int peer;
    struct mt_error error;
};

static int make_folder(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));

    strcpy(scene->folder, "recording-XXXXXX");
    assert_non_null(mkdtemp(scene->folder));
    *state = scene;
    return 0;
}

static int remove_folder(void **state)
{
    struct scene *scene = *state;

    assert_int_equal(mt_folder_remove(scene->folder, &scene->error), 0);
    mt_error_clear(&scene->error);
    free(scene);
    return 0;
}

static char *read_file(struct scene *scene, const char *name)
{
    MT_AUTO_FREE char *path = mt_text("%s/%s", scene->folder, name);
    char *text = NULL;

    assert_int_equal(mt_file_read(path, 1 << 24, &text, NULL, &scene->error), 0);
    return text;
}

static void expect(struct scene *scene, const char *name, const char *text)
{
    MT_AUTO_FREE char *found = read_file(scene, name);

    if (strstr(found, text) == NULL) {
        fail_msg("%s lacks %s: %s", name, text, found);
    }
}

static struct mt_qmp connect_qmp(struct scene *scene)
{
    struct mt_qmp qmp;
    int ends[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    mt_qmp_init(&qmp, ends[0]);
    mt_recording_open(&qmp.recording, scene->folder, "source.qmp");
    scene->peer = ends[1];
    return qmp;
}

static void hear(struct scene *scene, struct mt_qmp *qmp, const char *text)
{
    assert_int_equal(write(scene->peer, text, strlen(text)), (ssize_t)strlen(text));
    assert_int_equal(mt_qmp_receive(qmp, &scene->error), 0);
}

static void monitor_is_recorded_both_ways_at_once(void **state)
{
    struct scene *scene = *state;
    struct mt_qmp qmp = connect_qmp(scene);
    uint64_t id;

    assert_int_equal(mt_qmp_send(&qmp, "stop", NULL, -1, &id, &scene->error), 0);
    expect(scene, "source.qmp", " -> {\"execute\":\"stop\",\"id\":1}\n");
    hear(scene, &qmp, "{\"event\": \"STOP\"}\r\n");
    expect(scene, "source.qmp", " <- {\"event\": \"STOP\"}\n");
    mt_qmp_clear(&qmp);
    close(scene->peer);
}

static void question_is_recorded_and_answered_to_nobody(void **state)
{
    struct scene *scene = *state;
    struct mt_qmp qmp = connect_qmp(scene);

    mt_qmp_ask_for_recording(&qmp, "query-migrate");
    mt_qmp_ask_for_recording(&qmp, "query-migrate");
    assert_int_equal(qmp.last_id, 1);
    expect(scene, "source.qmp", " ?> {\"execute\": \"query-migrate\", \"id\": 1}\n");
    hear(scene, &qmp, "{\"return\": {\"status\": \"active\"}, \"id\": 1}\n");
    expect(scene, "source.qmp", " <? {\"return\": {\"status\": \"active\"}, \"id\": 1}\n");
    assert_null(mt_qmp_take_reply(&qmp, 1));
    mt_qmp_ask_for_recording(&qmp, "query-migrate");
    assert_int_equal(qmp.last_id, 2);
    mt_qmp_clear(&qmp);
    close(scene->peer);
}

/* A QEMU that reads nothing must not hold up whoever waits for it. */
static void question_to_the_deaf_is_dropped(void **state)
{
    struct scene *scene = *state;
    struct mt_qmp qmp = connect_qmp(scene);
    char rubbish[65536] = "";

    while (send(qmp.fd, rubbish, sizeof(rubbish), MSG_DONTWAIT) > 0) {
    }
    while (send(qmp.fd, rubbish, 1, MSG_DONTWAIT) > 0) {
    }
    mt_qmp_ask_for_recording(&qmp, "query-migrate");
    assert_int_equal(qmp.question, 0);
    mt_qmp_clear(&qmp);
    close(scene->peer);
}

static void without_a_recording_nothing_is_asked(void **state)
{
    struct mt_qmp qmp;
    int ends[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    mt_qmp_init(&qmp, ends[0]);
    mt_qmp_ask_for_recording(&qmp, "query-migrate");
    assert_int_equal(qmp.last_id, 0);
    mt_qmp_clear(&qmp);
    close(ends[1]);
}

static void serial_line_is_recorded_as_text(void **state)
{
    struct scene *scene = *state;
    struct mt_serial serial;
    int ends[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    mt_serial_init(&serial, ends[0]);
    mt_recording_open(&serial.recording, scene->folder, "source.serial");
    assert_int_equal(write(ends[1], "AB\n\xff", 4), 4);
    mt_serial_receive(&serial);
    assert_int_equal(mt_serial_send(&serial, "C", &scene->error), 0);
    expect(scene, "source.serial", " <- AB\\x0a\\xff\n");
    expect(scene, "source.serial", " -> C\n");
    mt_serial_clear(&serial);
    close(ends[1]);
}

static void end_of_a_long_recording_is_kept(void **state)
{
    struct scene *scene = *state;
    struct mt_recording recording;
    static char line[1 << 20];

    memset(line, 'x', sizeof(line));
    mt_recording_open(&recording, scene->folder, "long");
    for (int i = 0; i < 20; i++) {
        mt_recording_add(&recording, MT_RECORDED_RECEIVED, line, sizeof(line));
    }
    mt_recording_add(&recording, MT_RECORDED_RECEIVED, "the end", strlen("the end"));
    mt_recording_close(&recording);
    expect(scene, "long", " <- the end\n");
    expect(scene, "long.earlier", "xxx\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(monitor_is_recorded_both_ways_at_once, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(question_is_recorded_and_answered_to_nobody, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(question_to_the_deaf_is_dropped, make_folder,
                                        remove_folder),
        cmocka_unit_test(without_a_recording_nothing_is_asked),
        cmocka_unit_test_setup_teardown(serial_line_is_recorded_as_text, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(end_of_a_long_recording_is_kept, make_folder,
                                        remove_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
