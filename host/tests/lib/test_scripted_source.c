/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a source says of a migration in events, by its status and in figures is not believed when it
 * does not fit together. The source is a script in QEMU's place: a real one would have to be
 * broken.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "lib/migration/steps.h"
#include "lib/verify/ownership.h"
#include "lib/verify/statistics.h"

/* Says the first argument, then answers each command with the next one. */
static const char peer[] =
    "printf '%s\\n' \"$1\" >&3; shift; "
    "for reply; do read -r command <&3 || exit 1; printf '%s\\n' \"$reply\" >&3; done; "
    "read -r command <&3";

struct script {
    const char *events;
    const char *replies[4];
    const char *complaint; /* NULL: none */
};

struct scripted {
    char folder[32];
    struct mt_qemu_config qemu;
    struct mt_pair_config config;
    struct mt_migration_run run;
    struct mt_pair pair;
    struct mt_error error;
};

static char *double_quoted(const char *text)
{
    char *copy = mt_text_copy(text);

    for (char *at = copy; (at = strchr(at, '\'')) != NULL;) {
        *at = '"';
    }
    return copy;
}

static void start_peer(struct scripted *scripted, const struct script *script)
{
    MT_AUTO_FREE char *events = double_quoted(script->events);
    struct mt_strings command = {0};

    mt_strings_add(&command, "sh");
    mt_strings_add(&command, "-c");
    mt_strings_add(&command, "%s", peer);
    mt_strings_add(&command, "source");
    mt_strings_add(&command, "%s", events);
    for (size_t i = 0; i < sizeof(script->replies) / sizeof(script->replies[0]); i++) {
        if (script->replies[i] != NULL) {
            MT_AUTO_FREE char *reply = double_quoted(script->replies[i]);
            mt_strings_add(&command, "%s", reply);
        }
    }
    const struct mt_vm_start start = {
        .side = "source",
        .scratch = scripted->folder,
        .qemu = &scripted->qemu,
        .launch = {.command = command, .accel = "", .machine = "none"},
    };
    assert_int_equal(mt_vm_start(&scripted->pair.sides[MT_SOURCE].vm, &start, &scripted->error), 0);
}

static struct scripted *begin(const struct script *script)
{
    struct scripted *scripted = mt_alloc(1, sizeof(*scripted));

    *scripted = (struct scripted){
        .folder = "/tmp/migtest-scripted-XXXXXX",
        .qemu = {.binary = "sh"},
        .config = {.machine = {.ram = 150 << 20}},
        .pair = {.config = &scripted->config, .run = &scripted->run},
    };
    scripted->run.mode = mt_mode_find(true, false, false);
    assert_non_null(mkdtemp(scripted->folder));
    start_peer(scripted, script);
    return scripted;
}

static void end(struct scripted *scripted)
{
    MT_AUTO_ERROR struct mt_error ignored = {0};

    mt_vm_destroy(scripted->pair.sides[MT_SOURCE].vm);
    mt_folder_remove(scripted->folder, &ignored);
    mt_error_clear(&scripted->error);
    free(scripted);
}

static void judge(const struct scripted *scripted, const struct script *script, int result)
{
    const char *said = mt_error_text(&scripted->error);

    if (script->complaint == NULL && result != 0) {
        fail_msg("%s", said);
    }
    if (script->complaint != NULL && (result == 0 || strstr(said, script->complaint) == NULL)) {
        fail_msg("\"%s\" is not in: %s", script->complaint, result == 0 ? "(no complaint)" : said);
    }
}

/* Each script's source is looked at by `verify`, which has something to say or not. */
static void try_all(const struct script *scripts, size_t count,
                    int (*verify)(struct mt_pair *pair, struct mt_error *error))
{
    for (size_t i = 0; i < count; i++) {
        struct scripted *scripted = begin(&scripts[i]);
        judge(scripted, &scripts[i], verify(&scripted->pair, &scripted->error));
        end(scripted);
    }
}

#define TRY_ALL(scripts, verify) try_all(scripts, sizeof(scripts) / sizeof((scripts)[0]), verify)

static int verify_cancelled(struct mt_pair *pair, struct mt_error *error)
{
    return mt_ownership_check_kept(pair, "cancelled", error);
}

static int verify_failed(struct mt_pair *pair, struct mt_error *error)
{
    return mt_ownership_check_kept(pair, "failed", error);
}

#define STATUS(status) "{'event': 'MIGRATION', 'data': {'status': '" status "'}}\n"
#define EVENT(name) "{'event': '" name "'}\n"
#define BEGUN STATUS("setup") STATUS("active")

static void a_migration_that_was_called_off_says_so_once(void **state)
{
    static const struct script scripts[] = {
        {BEGUN STATUS("cancelled"), {"{'return': {'status': 'cancelled'}, 'id': 1}"}, NULL},
        {BEGUN EVENT("STOP") STATUS("cancelled") EVENT("RESUME"),
         {"{'return': {'status': 'cancelled'}, 'id': 1}"},
         NULL},
        {BEGUN STATUS("cancelled"),
         {"{'return': {'status': 'cancelling'}, 'id': 1}"},
         "query-migrate of the source says cancelling when all is over, expected cancelled"},
        {BEGUN STATUS("cancelled"),
         {"{'return': {}, 'id': 1}"},
         "query-migrate of the source says nothing"},
        {BEGUN STATUS("cancelled") STATUS("cancelled"),
         {"{'return': {'status': 'cancelled'}, 'id': 1}"},
         "the source sent cancelled 2 times in one migration, expected 1"},
        {BEGUN STATUS("completed") STATUS("cancelled"),
         {"{'return': {'status': 'cancelled'}, 'id': 1}"},
         "the source sent completed 1 times in one migration, expected 0"},
        {BEGUN EVENT("STOP") STATUS("cancelled"),
         {"{'return': {'status': 'cancelled'}, 'id': 1}"},
         "the source sent RESUME 0 times in one migration, expected 1"},
        {BEGUN STATUS("cancelled") EVENT("RESUME"),
         {"{'return': {'status': 'cancelled'}, 'id': 1}"},
         "the source sent RESUME 1 times in one migration, expected 0"},
        {BEGUN EVENT("STOP") EVENT("RESUME") EVENT("STOP") STATUS("cancelled") EVENT("RESUME"),
         {"{'return': {'status': 'cancelled'}, 'id': 1}"},
         "the source sent STOP 2 times in one migration, expected 1"},
    };

    (void)state;
    TRY_ALL(scripts, verify_cancelled);
}

static void a_migration_that_failed_says_why(void **state)
{
    static const struct script scripts[] = {
        {BEGUN STATUS("failed"),
         {"{'return': {'status': 'failed', 'error-desc': 'the wire is cut'}, 'id': 1}"},
         NULL},
        {BEGUN STATUS("failed"),
         {"{'return': {'status': 'failed'}, 'id': 1}"},
         "query-migrate of the source says failed, and not why"},
    };

    (void)state;
    TRY_ALL(scripts, verify_failed);
}

#define AT(seconds) "'timestamp': {'seconds': " #seconds ", 'microseconds': 0}"
#define STATUS_AT(seconds, status)                                                                 \
    "{" AT(seconds) ", 'event': 'MIGRATION', 'data': {'status': '" status "'}}\n"
#define PASS_AT(seconds, pass)                                                                     \
    "{" AT(seconds) ", 'event': 'MIGRATION_PASS', 'data': {'pass': " #pass "}}\n"
#define STOP_AT(seconds) "{" AT(seconds) ", 'event': 'STOP'}\n"
#define CAPABILITIES(multifd)                                                                      \
    "{'return': [{'capability': 'multifd', 'state': " multifd "}], 'id': 1}"
#define FIGURES(passes)                                                                            \
    "{'return': {'status': 'completed', 'setup-time': 1, 'downtime': 1000, 'total-time': 9000,"    \
    " 'ram': {'total': 157622272, 'postcopy-requests': 0, 'dirty-sync-count': " passes ","         \
    " 'multifd-bytes': 0, 'pages-per-second': 145745, 'downtime-bytes': 104015880,"                \
    " 'page-size': 4096, 'remaining': 0, 'postcopy-bytes': 0, 'mbps': 332.5,"                      \
    " 'transferred': 374098780, 'precopy-bytes': 269939965, 'duplicate': 13122,"                   \
    " 'normal-bytes': 373108736, 'normal': 91091}}, 'id': 2}"
#define COMPRESSION(method) "{'return': {'multifd-compression': '" method "'}, 'id': 3}"
#define COMPLETED_IN(passes)                                                                       \
    STATUS_AT(1, "setup") STATUS_AT(1, "active") passes STOP_AT(9) STATUS_AT(10, "completed")

/* Three passes of nine seconds are what the events tell, and the figures must fit that. */
static void figures_are_held_to_the_events(void **state)
{
    static const struct script scripts[] = {
        {COMPLETED_IN(PASS_AT(2, 1) PASS_AT(4, 2) PASS_AT(6, 3)),
         {CAPABILITIES("false"), FIGURES("3")},
         NULL},
        {COMPLETED_IN(PASS_AT(2, 1) PASS_AT(6, 3)),
         {CAPABILITIES("false"), FIGURES("3")},
         "MIGRATION_PASS 3 came after 1"},
        {COMPLETED_IN(PASS_AT(2, 1) PASS_AT(4, 2) PASS_AT(6, 2)),
         {CAPABILITIES("false"), FIGURES("3")},
         "MIGRATION_PASS 2 came after 2"},
        {COMPLETED_IN(PASS_AT(4, 2) PASS_AT(6, 3)), {CAPABILITIES("false"), FIGURES("3")}, NULL},
        {COMPLETED_IN(PASS_AT(6, 3)),
         {CAPABILITIES("false"), FIGURES("3")},
         "MIGRATION_PASS 3 came after 0"},
        {COMPLETED_IN(PASS_AT(2, 1) PASS_AT(4, 2)),
         {CAPABILITIES("false"), FIGURES("3")},
         "ram.dirty-sync-count is 3, expected exactly 2"},
        {COMPLETED_IN(PASS_AT(2, 1) PASS_AT(4, 2) PASS_AT(6, 3)),
         {CAPABILITIES("true"), FIGURES("3"), COMPRESSION("none")},
         "ram.multifd-bytes is 0"},
        {COMPLETED_IN(PASS_AT(2, 1) PASS_AT(4, 2) PASS_AT(6, 3)),
         {CAPABILITIES("true"), FIGURES("3"), COMPRESSION("zstd")},
         NULL},
        {STATUS_AT(1, "setup") STATUS_AT(1, "active") PASS_AT(2, 1) PASS_AT(3, 2) PASS_AT(4, 3)
             STATUS_AT(10, "completed"),
         {CAPABILITIES("false"), FIGURES("3")},
         "the source has sent no STOP in this migration"},
        {STATUS_AT(1, "setup") STATUS_AT(1, "active") PASS_AT(2, 1) PASS_AT(3, 2) PASS_AT(4, 3)
             STOP_AT(29) STATUS_AT(30, "completed"),
         {CAPABILITIES("false"), FIGURES("3")},
         "total-time is 9000 ms, by the events it was 29000 ms"},
    };

    (void)state;
    TRY_ALL(scripts, mt_statistics_check);
}

/* So long does a wait take that is to fail: 400 ms of MT_STEP_TIMEOUT_MS. */
static const double little_patience = 0.01;

/* Where one is to succeed before: 1.5 s for a reply, and 2 s for what does not come. */
static const double some_patience = 0.05;

#define TRANSFERRED(bytes) "{'return': {'ram': {'transferred': " bytes "}}, 'id': 1}"

static int wait_sent(struct mt_pair *pair, struct mt_error *error)
{
    if (mt_vm_see_event(pair->sides[MT_SOURCE].vm, "MIGRATION", 0, MT_STEP_TIMEOUT_MS, error) < 0) {
        return -1;
    }
    pair->sides[MT_SOURCE].vm->patience = some_patience;
    return mt_migration_wait_sent(pair, 180000, error);
}

static void a_source_is_waited_for_until_it_has_sent(void **state)
{
    static const struct script scripts[] = {
        {BEGUN, {TRANSFERRED("180000")}, NULL},
        {BEGUN,
         {TRANSFERRED("179999")},
         "waiting for the guest's passes while it is being migrated (source)"},
        {BEGUN STATUS("failed"),
         {"{'return': {'status': 'failed'}, 'id': 1}",
          "{'return': {'status': 'failed', 'error-desc': 'the wire is cut'}, 'id': 2}"},
         "the migration is failed on the source: the wire is cut"},
    };

    (void)state;
    TRY_ALL(scripts, wait_sent);
}

#define SHUTDOWN(reason) "{'event': 'SHUTDOWN', 'data': {'guest': false, 'reason': '" reason "'}}\n"

/* The peer takes the command, answers with an empty line, and waits for another. */
static int wait_reply_of_one_that_hangs(struct mt_pair *pair, struct mt_error *error)
{
    pair->sides[MT_SOURCE].vm->patience = little_patience;
    int result = mt_vm_qmp(pair->sides[MT_SOURCE].vm, NULL, error, "query-kvm", NULL);
    assert_int_equal(mt_vm_was_stopped(pair->sides[MT_SOURCE].vm),
                     pair->sides[MT_SOURCE].vm->signalled_ms != 0);
    return result;
}

static void who_was_sent_a_signal_and_does_not_end_is_named(void **state)
{
    static const struct script scripts[] = {
        {SHUTDOWN("host-signal"),
         {""},
         "the source (sh) was sent a signal to end by, said SHUTDOWN, and did not end within 50 "
         "ms; "
         "it was killed"},
        {SHUTDOWN("guest-shutdown"),
         {""},
         "waiting for the reply to query-kvm (source): it did not come within 300 ms"},
    };

    (void)state;
    TRY_ALL(scripts, wait_reply_of_one_that_hangs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_migration_that_was_called_off_says_so_once),
        cmocka_unit_test(a_migration_that_failed_says_why),
        cmocka_unit_test(figures_are_held_to_the_events),
        cmocka_unit_test(who_was_sent_a_signal_and_does_not_end_is_named),
        cmocka_unit_test(a_source_is_waited_for_until_it_has_sent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
