/* SPDX-License-Identifier: Apache-2.0 */
#include "worker/plan.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/channel.h"
#include "base/cleanup.h"
#include "base/text.h"

static const size_t plan_limit = MT_CHANNEL_LINE_LIMIT;

static int read_line(int fd, char **ret_line, struct mt_error *error)
{
    MT_AUTO_FREE char *line = mt_alloc(plan_limit, 1);
    size_t size = 0;

    while (size + 1 < plan_limit) {
        ssize_t got = read(fd, line + size, plan_limit - size - 1);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return mt_fail(error, "the plan ended before its end of line");
        }
        size += (size_t)got;
        if (line[size - 1] == '\n') {
            *ret_line = mt_take_pointer(line);
            return 0;
        }
    }
    return mt_fail(error, "the plan is larger than %zu bytes", plan_limit);
}

/* Lists live as long as the process does; there is one plan in it. */
static int read_list(const json_t *array, const char *name, const char *const **ret_list,
                     struct mt_error *error)
{
    size_t count = json_array_size(array);
    const char **list = mt_alloc(count + 1, sizeof(*list));

    *ret_list = list;
    for (size_t i = 0; i < count; i++) {
        list[i] = json_string_value(json_array_get(array, i));
        if (list[i] == NULL) {
            return mt_fail(error, "the plan's list %s has an item that is no text", name);
        }
    }
    return json_is_array(array) ? 0 : mt_fail(error, "the plan's %s is no list", name);
}

static int read_environment(json_t *object, const char *const **ret_list, struct mt_error *error)
{
    const char **list = mt_alloc(json_object_size(object) + 1, sizeof(*list));
    size_t count = 0;
    const char *name;
    json_t *value;

    *ret_list = list;
    json_object_foreach (object, name, value) {
        if (!json_is_string(value)) {
            return mt_fail(error, "the plan's env has %s, which is no text", name);
        }
        list[count++] = mt_text("%s=%s", name, json_string_value(value));
    }
    return json_is_object(object) ? 0 : mt_fail(error, "the plan's env is no object");
}

/*
 * A key that is missing, of another type or not known is a fault of the host's: a default in its
 * place would test something else than what was asked for.
 */
static int check(int unpacked, const json_error_t *fault, const char *what, struct mt_error *error)
{
    return unpacked == 0 ? 0 : mt_fail(error, "the plan's %s: %s", what, fault->text);
}

static int read_qemu(json_t *object, struct mt_qemu_config *ret_qemu, struct mt_error *error)
{
    json_error_t fault;
    struct mt_qemu_config qemu = {0};
    json_t *args;
    json_t *env;
    int unpacked = json_unpack_ex(object, &fault, JSON_STRICT, "{s:s, s:o, s:o, s?s, s?s}",
                                  "binary", &qemu.binary, "args", &args, "env", &env, "version",
                                  &qemu.version, "build_id", &qemu.build_id);

    if (check(unpacked, &fault, "QEMU", error) < 0 ||
        read_list(args, "args", &qemu.args, error) < 0 ||
        read_environment(env, &qemu.environment, error) < 0) {
        return -1;
    }
    *ret_qemu = qemu;
    return 0;
}

/* The guest program lies beside this program, in a build tree as in an installation. */
static char *find_guest_folder(void)
{
    char path[4096];
    ssize_t size = readlink("/proc/self/exe", path, sizeof(path) - 1);

    path[size > 0 ? size : 0] = '\0';
    char *slash = strrchr(path, '/');
    if (slash != NULL) {
        *slash = '\0';
    }
    return mt_text("%s/guest", path);
}

static int read_machine(json_t *object, struct mt_machine_config *ret_machine,
                        struct mt_error *error)
{
    json_error_t fault;
    struct mt_machine_config machine = {0};
    json_int_t smp;
    json_int_t ram;
    json_t *args;
    int unpacked =
        json_unpack_ex(object, &fault, JSON_STRICT, "{s:s, s:s, s:s, s:I, s:I, s:s, s:s, s:s, s:o}",
                       "type", &machine.type, "accel", &machine.accel, "cpu", &machine.cpu, "smp",
                       &smp, "ram", &ram, "memory_backend", &machine.memory_backend, "firmware",
                       &machine.firmware, "devices", &machine.devices, "args", &args);

    if (check(unpacked, &fault, "machine", error) < 0 ||
        read_list(args, "machine args", &machine.args, error) < 0) {
        return -1;
    }
    machine.smp = (unsigned)smp;
    machine.ram = ram;
    machine.guest_folder = find_guest_folder();
    *ret_machine = machine;
    return 0;
}

static int read_limits(json_t *object, struct mt_limits *ret_limits, struct mt_error *error)
{
    json_error_t fault;
    json_int_t memory;
    json_int_t processes;
    json_int_t file_size;
    int unpacked = json_unpack_ex(object, &fault, JSON_STRICT, "{s:I, s:I, s:I}", "memory", &memory,
                                  "processes", &processes, "file_size", &file_size);

    if (check(unpacked, &fault, "limits", error) < 0) {
        return -1;
    }
    *ret_limits =
        (struct mt_limits){.memory = memory, .processes = processes, .file_size = file_size};
    return 0;
}

static int read_plugin(json_t *object, struct mt_plan *plan, struct mt_error *error)
{
    json_error_t fault;
    const char *name;
    json_t *options;
    json_t *limits;
    int unpacked = json_unpack_ex(object, &fault, JSON_STRICT, "{s:s, s:s, s:s, s:o, s:o}", "file",
                                  &plan->plugin_file, "identity", &plan->plugin_identity, "name",
                                  &name, "options", &options, "limits", &limits);

    if (check(unpacked, &fault, "plugin", error) < 0) {
        return -1;
    }
    plan->pair.options = json_is_null(options) ? NULL : options;
    return read_limits(limits, &plan->limits, error);
}

static int read_describe(json_t *rest, struct mt_plan *plan, struct mt_error *error)
{
    json_error_t fault;
    json_t *plugin;
    int unpacked = json_unpack_ex(rest, &fault, JSON_STRICT, "{s:o}", "plugin", &plugin);

    return check(unpacked, &fault, "job describe", error) < 0 ? -1
                                                              : read_plugin(plugin, plan, error);
}

static int read_probe(json_t *rest, struct mt_plan *plan, struct mt_error *error)
{
    json_error_t fault;
    json_t *qemu;
    int unpacked = json_unpack_ex(rest, &fault, JSON_STRICT, "{s:o}", "qemu", &qemu);

    return check(unpacked, &fault, "job probe", error) < 0
               ? -1
               : read_qemu(qemu, &plan->pair.source, error);
}

static int read_try(json_t *rest, struct mt_plan *plan, struct mt_error *error)
{
    json_error_t fault;
    json_t *qemu;
    json_t *machine;
    int unpacked =
        json_unpack_ex(rest, &fault, JSON_STRICT, "{s:o, s:o}", "qemu", &qemu, "machine", &machine);

    if (check(unpacked, &fault, "job try", error) < 0 ||
        read_qemu(qemu, &plan->pair.source, error) < 0) {
        return -1;
    }
    return read_machine(machine, &plan->pair.machine, error);
}

static int read_run(json_t *rest, struct mt_plan *plan, struct mt_error *error)
{
    json_error_t fault;
    struct mt_pair_config *pair = &plan->pair;
    json_t *plugin;
    json_t *source;
    json_t *destination;
    json_t *machine;
    json_t *not_kept;
    json_t *blind;
    json_t *reset;
    json_t *figures;
    json_t *unusable_views;
    const char *network;
    json_int_t attempt;
    int hold;
    int manners = false;
    int fail_at = 0;
    int unpacked = json_unpack_ex(
        rest, &fault, JSON_STRICT,
        "{s:o, s:s, s:s, s:I, s:F, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:s, s?s, s?b, "
        "s?i}",
        "plugin", &plugin, "group", &plan->group, "test", &plan->test, "attempt", &attempt,
        "patience", &pair->patience, "source", &source, "destination", &destination, "machine",
        &machine, "hold", &hold, "blind", &blind, "not_kept", &not_kept, "reset", &reset, "figures",
        &figures, "unusable_views", &unusable_views, "network", &network, "recordings",
        &pair->recordings, "manners", &manners, "fail_at", &fail_at);

    if (check(unpacked, &fault, "job run", error) < 0 || read_plugin(plugin, plan, error) < 0 ||
        read_qemu(source, &pair->source, error) < 0 ||
        read_qemu(destination, &pair->destination, error) < 0 ||
        read_machine(machine, &pair->machine, error) < 0) {
        return -1;
    }
    pair->hold = hold;
    pair->blind = blind;
    pair->not_kept = not_kept;
    pair->reset = json_is_null(reset) ? NULL : reset;
    pair->figures = json_is_null(figures) ? NULL : figures;
    pair->unusable_views = unusable_views;
    plan->private_network = strcmp(network, "private") == 0;
    plan->manners = manners;
    plan->fail_at = (unsigned)fail_at;
    return 0;
}

static int read_job(json_t *rest, struct mt_plan *plan, struct mt_error *error)
{
    static const struct {
        const char *name;
        int (*read)(json_t *rest, struct mt_plan *plan, struct mt_error *error);
    } jobs[] = {
        {"describe", read_describe}, {"probe", read_probe}, {"try", read_try}, {"run", read_run}};

    for (size_t i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++) {
        if (strcmp(jobs[i].name, plan->job) == 0) {
            return jobs[i].read(rest, plan, error);
        }
    }
    return mt_fail(error, "there is no job \"%s\"", plan->job);
}

/* What every job has; it is taken out, so that what the job reads is all that is left. */
static int read_common(const json_t *json, json_t *rest, struct mt_plan *plan,
                       struct mt_error *error)
{
    static const char *const common[] = {"token", "job", "scratch", "timeout_ms"};
    json_error_t fault;
    json_int_t timeout_ms;
    int unpacked = json_unpack_ex((json_t *)(uintptr_t)json, &fault, 0, "{s:s, s:s, s:s, s:I}",
                                  "token", &plan->token, "job", &plan->job, "scratch",
                                  &plan->scratch, "timeout_ms", &timeout_ms);

    if (check(unpacked, &fault, "beginning", error) < 0) {
        return -1;
    }
    for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++) {
        json_object_del(rest, common[i]);
    }
    plan->timeout_ms = timeout_ms;
    plan->pair.scratch = plan->scratch;
    return 0;
}

int mt_plan_read(int fd, struct mt_plan *ret_plan, struct mt_error *error)
{
    MT_AUTO_FREE char *line = NULL;
    json_error_t fault;

    if (read_line(fd, &line, error) < 0) {
        return -1;
    }
    json_t *json = json_loads(line, 0, &fault);
    if (json == NULL) {
        return mt_fail(error, "the plan is not JSON: %s", fault.text);
    }
    struct mt_plan plan = {.json = json};
    json_t *rest = json_copy(json);
    int result = read_common(json, rest, &plan, error);
    if (result == 0) {
        result = read_job(rest, &plan, error);
    }
    json_decref(rest);
    if (result < 0) {
        json_decref(json);
        return -1;
    }
    *ret_plan = plan;
    return 0;
}
