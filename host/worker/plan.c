/* SPDX-License-Identifier: Apache-2.0 */
#include "worker/plan.h"

#include <errno.h>
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
static const char *const *list_of(const json_t *array)
{
    size_t count = json_array_size(array);
    const char **list = mt_alloc(count + 1, sizeof(*list));

    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_array_get(array, i));
        list[i] = text != NULL ? text : "";
    }
    return list;
}

static const char *const *environment_of(json_t *object)
{
    const char **list = mt_alloc(json_object_size(object) + 1, sizeof(*list));
    size_t count = 0;
    const char *name;
    json_t *value;

    json_object_foreach (object, name, value) {
        const char *text = json_string_value(value);
        list[count++] = mt_text("%s=%s", name, text != NULL ? text : "");
    }
    return list;
}

static const char *string_or(const json_t *object, const char *name, const char *fallback)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text != NULL ? text : fallback;
}

static struct mt_qemu_config qemu_of(const json_t *object)
{
    return (struct mt_qemu_config){
        .binary = string_or(object, "binary", "qemu-system-x86_64"),
        .args = list_of(json_object_get(object, "args")),
        .environment = environment_of(json_object_get(object, "env")),
    };
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

static struct mt_machine_config machine_of(const json_t *object)
{
    json_t *smp = json_object_get(object, "smp");
    json_t *ram = json_object_get(object, "ram");

    return (struct mt_machine_config){
        .type = string_or(object, "type", "q35"),
        .accel = string_or(object, "accel", "tcg"),
        .cpu = string_or(object, "cpu", "qemu64"),
        .smp = json_is_integer(smp) ? (unsigned)json_integer_value(smp) : 1,
        .ram = json_is_integer(ram) ? json_integer_value(ram) : 150 * 1024 * 1024,
        .memory_backend = string_or(object, "memory_backend", "anonymous"),
        .firmware = string_or(object, "firmware", "none"),
        .devices = string_or(object, "devices", "minimal"),
        .args = list_of(json_object_get(object, "args")),
        .guest_folder = find_guest_folder(),
    };
}

static struct mt_limits limits_of(const json_t *object)
{
    return (struct mt_limits){
        .memory = json_integer_value(json_object_get(object, "memory")),
        .processes = json_integer_value(json_object_get(object, "processes")),
        .file_size = json_integer_value(json_object_get(object, "file_size")),
    };
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
    json_t *plugin = json_object_get(json, "plugin");
    json_t *timeout = json_object_get(json, "timeout_ms");
    bool one_qemu = json_object_get(json, "qemu") != NULL;
    *ret_plan = (struct mt_plan){
        .json = json,
        .token = string_or(json, "token", ""),
        .job = string_or(json, "job", ""),
        .scratch = string_or(json, "scratch", ""),
        .timeout_ms = json_is_integer(timeout) ? json_integer_value(timeout) : 60000,
        .plugin_file = string_or(plugin, "file", ""),
        .plugin_identity = string_or(plugin, "identity", ""),
        .private_network = strcmp(string_or(json, "network", "host"), "private") == 0,
        .manners = json_is_true(json_object_get(json, "manners")),
        .fail_at = (unsigned)json_integer_value(json_object_get(json, "fail_at")),
        .limits = limits_of(json_object_get(plugin, "limits")),
        .group = string_or(json, "group", ""),
        .test = string_or(json, "test", ""),
        .pair = {.source = qemu_of(json_object_get(json, one_qemu ? "qemu" : "source")),
                 .destination = qemu_of(json_object_get(json, "destination")),
                 .machine = machine_of(json_object_get(json, "machine")),
                 .options = json_object_get(plugin, "options"),
                 .not_kept = json_object_get(json, "not_kept"),
                 .reset = json_object_get(json, "reset"),
                 .figures = json_object_get(json, "figures"),
                 .unusable_views = json_object_get(json, "unusable_views"),
                 .blind = json_object_get(json, "blind"),
                 .patience = json_number_value(json_object_get(json, "patience")),
                 .hold = !json_is_false(json_object_get(json, "hold"))},
    };
    ret_plan->pair.scratch = ret_plan->scratch;
    ret_plan->pair.recordings = string_or(json, "recordings", NULL);
    return 0;
}
