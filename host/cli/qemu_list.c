/* SPDX-License-Identifier: Apache-2.0 */
/* migtest qemu list: starts every QEMU of the shelf, all at once, to see whether they start. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "cli/diagnostics.h"
#include "cli/qemu_commands.h"
#include "cli/session.h"
#include "jobs/job_fault.h"
#include "survey/build_id.h"
#include "survey/shelf.h"

static const char usage[] =
    "usage: migtest qemu list [--json]\n"
    "\n"
    "Starts each QEMU on the shelf and prints its name, version, build id, package and path.\n"
    "The exit status is 1 if a QEMU does not start.\n"
    "\n"
    "      --json            print JSON\n";

static const char *const allowed[] = {"json", NULL};

struct shelved {
    const char *name;
    struct mt_shelf_entry entry;
    char *fault; /* why it does not start */
    char *build_id;
    json_t *abilities;
    struct mt_job_facts facts;
};

static void shelved_take_record(void *data, struct mt_record *record)
{
    struct shelved *qemu = data;

    if (record->kind == MT_RECORD_ABILITIES && qemu->abilities == NULL) {
        qemu->abilities = json_incref(record->value.json);
    } else {
        mt_job_facts_add(&qemu->facts, record);
    }
}

static void shelved_answered(void *data, const struct mt_worker *worker)
{
    struct shelved *qemu = data;

    MT_AUTO_FREE char *fault = mt_job_fault(&qemu->facts, worker->reader.foreign, NULL);
    if (fault != NULL) {
        MT_AUTO_FREE char *remedy = mt_shelf_remedy(qemu->entry.path, fault);
        qemu->fault = mt_text("%s%s", fault, remedy);
    }
    if (qemu->fault == NULL && qemu->abilities == NULL) {
        qemu->fault = mt_text_copy("it did not say what it can do");
    }
}

static void shelved_start(struct mt_session *session, struct shelved *qemu)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    struct mt_worker_config config = {
        .data = qemu, .record = shelved_take_record, .done = shelved_answered};
    struct mt_job job = {.kind = MT_JOB_PROBE, .timeout_ms = MT_PROBE_TIMEOUT_MS};

    if (mt_shelf_read(qemu->name, &qemu->entry, &error) < 0) {
        qemu->fault = mt_text_copy(mt_error_text(&error));
        return;
    }
    qemu->build_id = mt_build_id(qemu->entry.program);
    config.argument = qemu->entry.path;
    job.probe.qemu.binary = qemu->entry.path;
    if (mt_worker_start(&session->workers, &config, &job, NULL, &error) < 0) {
        qemu->fault = mt_text_copy(mt_error_text(&error));
    }
}

static const char *shelved_version(const struct shelved *qemu)
{
    const char *version = mt_json_find_text(qemu->abilities, "version");

    return version != NULL ? version : "";
}

/* The probe reads the build id of the process that really ran. The file's is the second choice. */
static const char *shelved_build_id(const struct shelved *qemu)
{
    const char *probed = mt_json_find_text(qemu->abilities, "build_id");
    const char *of_file = qemu->build_id != NULL ? qemu->build_id : "";

    return probed != NULL ? probed : of_file;
}

static size_t longest_name(const struct shelved *qemus, size_t count)
{
    size_t longest = strlen("NAME");

    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(qemus[i].name);
        longest = length > longest ? length : longest;
    }
    return longest;
}

static size_t longest_package(const struct shelved *qemus, size_t count)
{
    size_t longest = strlen("PACKAGE");

    for (size_t i = 0; i < count; i++) {
        size_t length = qemus[i].entry.package != NULL ? strlen(qemus[i].entry.package) : 0;
        longest = length > longest ? length : longest;
    }
    return longest;
}

static void print_shelf(const struct shelved *qemus, size_t count)
{
    int name = (int)longest_name(qemus, count);
    int package = (int)longest_package(qemus, count);

    if (count == 0) {
        printf("the shelf is empty; migtest qemu fetch SUITE puts a Debian suite's QEMU there\n");
        return;
    }
    printf("%-*s  %-8s  %-12s  %-*s  %s\n", name, "NAME", "VERSION", "BUILD ID", package, "PACKAGE",
           "PATH");
    for (size_t i = 0; i < count; i++) {
        const struct shelved *qemu = &qemus[i];
        if (qemu->fault != NULL) {
            printf("%-*s  does not start: %s\n", name, qemu->name, qemu->fault);
            continue;
        }
        printf("%-*s  %-8s  %-12.12s  %-*s  %s\n", name, qemu->name, shelved_version(qemu),
               shelved_build_id(qemu), package,
               qemu->entry.package != NULL ? qemu->entry.package : "", qemu->entry.path);
    }
}

static json_t *shelved_json(const struct shelved *qemu)
{
    return json_pack("{s:s, s:s, s:s?, s:s?, s:b, s:s*, s:s*, s:s*}", "name", qemu->name, "path",
                     qemu->entry.path, "suite", qemu->entry.suite, "package", qemu->entry.package,
                     "starts", qemu->fault == NULL, "version",
                     qemu->fault == NULL ? shelved_version(qemu) : NULL, "build_id",
                     qemu->fault == NULL ? shelved_build_id(qemu) : NULL, "reason", qemu->fault);
}

static void print_shelf_json(const struct shelved *qemus, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++) {
        json_array_append_new(list, shelved_json(&qemus[i]));
    }
    json_t *whole = json_pack("{s:i, s:o}", "format", 1, "qemus", list);
    json_dumpf(whole, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    printf("\n");
    json_decref(whole);
}

static int clear_shelf(struct shelved *qemus, size_t count)
{
    int status = MT_EXIT_PASSED;

    for (size_t i = 0; i < count; i++) {
        status = qemus[i].fault != NULL ? MT_EXIT_FAILED : status;
        mt_shelf_clear(&qemus[i].entry);
        mt_job_facts_clear(&qemus[i].facts);
        json_decref(qemus[i].abilities);
        free(qemus[i].build_id);
        free(qemus[i].fault);
    }
    free(qemus);
    return status;
}

static int list_shelf(struct mt_session *session, const struct mt_cli_options *options)
{
    struct mt_strings names;

    mt_shelf_names(&names);
    struct shelved *qemus = mt_alloc(names.count + 1, sizeof(*qemus));
    for (size_t i = 0; i < names.count; i++) {
        qemus[i].name = names.items[i];
        shelved_start(session, &qemus[i]);
    }
    uv_run(&session->loop, UV_RUN_DEFAULT);
    if (options->json) {
        print_shelf_json(qemus, names.count);
    } else {
        print_shelf(qemus, names.count);
    }
    int status = clear_shelf(qemus, names.count);
    mt_strings_clear(&names);
    return status;
}

int mt_command_qemu_list(int argc, char **argv)
{
    static const struct mt_command command = {.name = "qemu list",
                                              .usage = usage,
                                              .allowed = allowed,
                                              .argument = MT_ARGUMENT_NONE,
                                              .run = list_shelf};

    return mt_command_execute(argc, argv, &command);
}
