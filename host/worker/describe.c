/* SPDX-License-Identifier: Apache-2.0 */
/* Describes a plugin to the host: what it is, its options, its tests and what they need. */
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "lib/api/known.h"
#include "worker/plugin.h"
#include "worker/work.h"

static void set_string(json_t *object, const char *name, const char *value)
{
    if (value != NULL) {
        json_object_set_new(object, name, json_string(value));
    }
}

static void set_list(json_t *object, const char *name, const char *const *list)
{
    if (list == NULL) {
        return;
    }
    json_t *array = json_array();
    for (; *list != NULL; list++) {
        json_array_append_new(array, json_string(*list));
    }
    json_object_set_new(object, name, array);
}

static json_t *describe_option(const struct mt_option *option)
{
    static const char *const types[] = {"int", "string", "bool"};
    json_t *object = json_object();

    set_string(object, "name", option->name);
    set_string(object, "help", option->help);
    set_string(object, "type", (unsigned)option->type < 3 ? types[option->type] : "unknown");
    switch (option->type) {
    case MT_OPTION_INT:
        json_object_set_new(object, "default", json_integer(option->default_int));
        if (option->minimum != 0 || option->maximum != 0) {
            json_object_set_new(object, "min", json_integer(option->minimum));
            json_object_set_new(object, "max", json_integer(option->maximum));
        }
        break;
    case MT_OPTION_BOOL:
        json_object_set_new(object, "default", json_boolean(option->default_int));
        break;
    case MT_OPTION_STRING:
        set_string(object, "default", option->default_string != NULL ? option->default_string : "");
        break;
    }
    return object;
}

static json_t *describe_options(const struct mt_plugin *plugin)
{
    json_t *options = json_array();

    for (size_t i = 0; i < plugin->option_count; i++) {
        struct mt_option option = {0};
        size_t known =
            plugin->option_stride < sizeof(option) ? plugin->option_stride : sizeof(option);
        memcpy(&option, (const char *)plugin->options + i * plugin->option_stride, known);
        json_array_append_new(options, describe_option(&option));
    }
    return options;
}

static void describe_since(json_t *object, const struct mt_since *plugins_since)
{
    MT_AUTO_FREE struct mt_since *since = mt_known_part(plugins_since, sizeof(*since));

    if (since == NULL) {
        return;
    }
    json_t *entry = json_object();
    set_string(entry, "word", since->word);
    set_string(entry, "source", since->source);
    set_string(entry, "destination", since->destination);
    set_string(entry, "lack", since->lack);
    json_object_set_new(object, "since", json_pack("[o]", entry));
}

static json_t *describe_needs(const struct mt_needs *plugins_needs)
{
    MT_AUTO_FREE struct mt_needs *needs = mt_known_part(plugins_needs, sizeof(*needs));
    json_t *object = json_object();

    if (needs == NULL) {
        return object;
    }
    set_list(object, "capabilities", needs->capabilities);
    set_list(object, "parameters", needs->parameters);
    set_list(object, "commands", needs->commands);
    set_list(object, "devices", needs->devices);
    set_list(object, "machines", needs->machines);
    set_list(object, "transports", needs->transports);
    set_string(object, "accel", needs->accel);
    if (needs->dirty_ring) {
        json_object_set_new(object, "dirty_ring", json_true());
    }
    describe_since(object, needs->since);
    return object;
}

static json_t *describe_test(const struct mt_test *test)
{
    MT_AUTO_FREE struct mt_machine *machine = mt_known_part(test->machine, sizeof(*machine));
    json_t *object = json_object();

    set_string(object, "name", test->name);
    set_string(object, "summary", test->summary);
    set_list(object, "tags", test->tags);
    json_object_set_new(object, "slow", json_boolean(test->slow));
    json_object_set_new(object, "weight", json_integer(test->weight > 0 ? (int)test->weight : 1));
    if (test->timeout_s > 0) {
        json_object_set_new(object, "timeout_ms", json_integer((json_int_t)test->timeout_s * 1000));
    }
    if (machine != NULL && machine->ram_mib > 0) {
        json_object_set_new(object, "ram_mib", json_integer(machine->ram_mib));
    }
    if (machine != NULL && machine->host_network) {
        json_object_set_new(object, "host_network", json_true());
    }
    if (test->alone) {
        json_object_set_new(object, "alone", json_true());
    }
    json_object_set_new(object, "needs", describe_needs(test->needs));
    return object;
}

static json_t *describe_group(const struct mt_registered_group *group)
{
    json_t *tests = json_array();

    for (size_t i = 0; i < group->test_count; i++) {
        json_array_append_new(tests, describe_test(&group->tests[i]));
    }
    return json_pack("{s:s, s:o}", "name", group->name, "tests", tests);
}

static json_t *describe_plugin(const struct mt_plugin *plugin)
{
    json_t *object = json_object();

    set_string(object, "name", plugin->name);
    set_string(object, "version", plugin->version);
    set_string(object, "vendor", plugin->vendor);
    set_string(object, "licence", plugin->licence);
    set_string(object, "summary", plugin->summary);
    json_object_set_new(object, "options", describe_options(plugin));
    return object;
}

static void write_value(const struct mt_record_writer *writer, enum mt_record_kind kind,
                        json_t *value)
{
    mt_record_write(writer, &(struct mt_record){.kind = kind, .value.json = value});
    json_decref(value);
}

int mt_work_describe(const struct mt_job *job, const struct mt_record_writer *writer,
                     struct mt_error *error)
{
    struct mt_loaded_plugin plugin;

    if (mt_plugin_load(&job->describe.plugin, &plugin, error) < 0) {
        return -1;
    }
    write_value(writer, MT_RECORD_PLUGIN, describe_plugin(&plugin.descriptor));
    for (size_t i = 0; i < plugin.registry.group_count; i++) {
        write_value(writer, MT_RECORD_GROUP, describe_group(&plugin.registry.groups[i]));
    }
    mt_registry_clear(&plugin.registry);
    return 0;
}
