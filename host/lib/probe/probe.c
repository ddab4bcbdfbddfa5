/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/probe/probe.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"
#include "lib/monitor/json_format.h"
#include "lib/monitor/reply_schema.h"
#include "lib/probe/transport_trial.h"
#include "lib/vm/vm.h"

static void add_version(json_t *abilities, const json_t *version)
{
    json_t *numbers = json_object_get(version, "qemu");
    MT_AUTO_FREE char *full = mt_version_text(version);
    char *text = mt_text("%d.%d.%d", (int)json_integer_value(json_object_get(numbers, "major")),
                         (int)json_integer_value(json_object_get(numbers, "minor")),
                         (int)json_integer_value(json_object_get(numbers, "micro")));

    json_object_set_new(abilities, "version", json_string(text));
    json_object_set_new(abilities, "package", json_string(mt_json_text(version, "package")));
    json_object_set_new(abilities, "full_version", json_string(full));
    free(text);
}

/* To list its types, QEMU loads all its modules. So the image is read after that. */
static void add_image(const struct mt_vm *vm, json_t *abilities)
{
    MT_AUTO_ERROR struct mt_error unknown = {0};
    struct mt_image image;

    if (mt_image_read(vm->process.pid, &image, &unknown) < 0) {
        return;
    }
    json_object_set_new(abilities, "build_id", json_string(image.build_id));
    json_object_set_new(abilities, "program", json_string(image.path));
    json_object_set_new(abilities, "digest", json_string(image.digest));
    mt_image_clear(&image);
}

static int add_target(struct mt_vm *vm, json_t *abilities, struct mt_error *error)
{
    MT_AUTO_JSON json_t *target = NULL;

    if (mt_vm_qmp(vm, &target, error, "query-target", NULL) < 0) {
        return -1;
    }
    json_object_set_new(abilities, "target", json_string(mt_json_text(target, "arch")));
    return 0;
}

static int add_machines(struct mt_vm *vm, json_t *abilities, struct mt_error *error)
{
    MT_AUTO_JSON json_t *machines = NULL;
    json_t *machine;
    size_t index;
    json_t *list = json_array();

    json_object_set_new(abilities, "machines", list);
    if (mt_vm_qmp(vm, &machines, error, "query-machines", NULL) < 0) {
        return -1;
    }
    json_array_foreach (machines, index, machine) {
        json_array_append_new(list, json_pack("{s:s, s:s}", "name", mt_json_text(machine, "name"),
                                              "alias", mt_json_text(machine, "alias")));
    }
    return 0;
}

/* Adds the names in a list of objects: capability names, type names. */
static int add_names(struct mt_vm *vm, json_t *abilities, const char *as, const char *command,
                     json_t *arguments, const char *key, struct mt_error *error)
{
    MT_AUTO_JSON json_t *found = NULL;
    json_t *item;
    size_t index;
    json_t *names = json_array();

    json_object_set_new(abilities, as, names);
    if (mt_vm_qmp(vm, &found, error, command, arguments) < 0) {
        return -1;
    }
    json_array_foreach (found, index, item) {
        json_array_append_new(names, json_string(mt_json_text(item, key)));
    }
    return 0;
}

static void add_parts(json_t *names, const char *prefix, const json_t *list, const char *key)
{
    size_t index;
    json_t *item;

    json_array_foreach (list, index, item) {
        MT_AUTO_FREE char *name = prefix != NULL ? mt_text("%s.%s", prefix, mt_json_text(item, key))
                                                 : mt_text_copy(mt_json_text(item, key));
        json_array_append_new(names, json_string(name));
    }
}

/* Adds the members that all arguments of the type have, and the names of its variants. */
static void add_type_members(json_t *names, const char *prefix, const json_t *type)
{
    add_parts(names, prefix, json_object_get(type, "members"), "name");
    add_parts(names, prefix, json_object_get(type, "variants"), "case");
}

/*
 * Adds the parameters that can be set. query-migrate-parameters would not do: it shows a few of
 * them only once they were set.
 */
static int add_schema(struct mt_vm *vm, json_t *abilities, struct mt_error *error)
{
    MT_AUTO_JSON json_t *schema = NULL;
    json_t *item;
    size_t index;
    json_t *commands = json_array();
    json_t *parameters = json_array();

    json_object_set_new(abilities, "commands", commands);
    json_object_set_new(abilities, "parameters", parameters);
    if (mt_vm_qmp(vm, &schema, error, "query-qmp-schema", NULL) < 0) {
        return -1;
    }
    json_array_foreach (schema, index, item) {
        const char *name = mt_json_text(item, "name");
        if (strcmp(mt_json_text(item, "meta-type"), "command") != 0) {
            continue;
        }
        const json_t *arguments = mt_json_find_named(schema, mt_json_text(item, "arg-type"));
        json_array_append_new(commands, json_string(name));
        add_type_members(commands, name, arguments);
        if (strcmp(name, "migrate-set-parameters") == 0) {
            add_type_members(parameters, NULL, arguments);
        }
    }
    json_t *figures = mt_reply_members(schema, "query-migrate");
    json_object_set_new(abilities, "figures", figures);
    return json_array_size(figures) > 0
               ? 0
               : mt_fail(error, "its schema does not say what query-migrate returns");
}

static int add_accelerators(struct mt_vm *vm, json_t *abilities, struct mt_error *error)
{
    MT_AUTO_JSON json_t *types = NULL;
    json_t *item;
    size_t index;
    json_t *names = json_array();

    json_object_set_new(abilities, "accelerators", names);
    if (mt_vm_qmp(vm, &types, error, "qom-list-types", json_pack("{s:s}", "implements", "accel")) <
        0) {
        return -1;
    }
    json_array_foreach (types, index, item) {
        const char *type = mt_json_text(item, "name");
        const char *suffix = strstr(type, "-accel");
        if (suffix != NULL && suffix != type) {
            json_array_append_new(names, json_stringn(type, (size_t)(suffix - type)));
        }
    }
    return 0;
}

static int probe_ask(struct mt_vm *vm, const char *scratch, json_t *abilities,
                     struct mt_error *error)
{
    if (mt_vm_greet(vm, error) < 0) {
        return -1;
    }
    add_version(abilities, mt_monitor_version(&vm->monitor));
    if (add_target(vm, abilities, error) < 0 || add_machines(vm, abilities, error) < 0 ||
        add_names(vm, abilities, "capabilities", "query-migrate-capabilities", NULL, "capability",
                  error) < 0 ||
        add_names(vm, abilities, "devices", "qom-list-types",
                  json_pack("{s:s}", "implements", "device"), "name", error) < 0 ||
        add_accelerators(vm, abilities, error) < 0 || add_schema(vm, abilities, error) < 0) {
        return -1;
    }
    add_image(vm, abilities);
    return mt_transport_trial(vm, scratch, abilities, error);
}

int mt_probe(const struct mt_qemu_config *qemu, const char *scratch,
             const struct mt_observer *observer, json_t **ret_abilities, struct mt_error *error)
{
    json_t *abilities = json_object();
    struct mt_vm *vm = NULL;
    const struct mt_vm_start start = {
        .side = "qemu",
        .scratch = scratch,
        .observer = observer,
        .qemu = qemu,
        .launch = mt_command_line_launch_bare(qemu),
    };

    int result = mt_vm_start(&vm, &start, error);
    if (result == 0) {
        result = probe_ask(vm, scratch, abilities, error);
    }
    if (result == 0 && !mt_process_check(&vm->process)) {
        result = mt_vm_quit(vm, error);
    } else if (result < 0 && vm != NULL && vm->process.ended) {
        mt_error_clear(error);
        mt_process_fail_ended(&vm->process, error);
    }
    mt_vm_destroy(vm);
    if (result < 0) {
        json_decref(abilities);
        return mt_wrap(error, "asking it what it can do");
    }
    *ret_abilities = abilities;
    return 0;
}
