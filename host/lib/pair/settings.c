/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/pair/settings.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"

struct mt_settings mt_settings_new(void)
{
    struct mt_settings settings;

    for (size_t kind = 0; kind < MT_SETTING_KINDS; kind++) {
        settings.values[kind] = json_object();
    }
    return settings;
}

void mt_settings_clear(struct mt_settings *settings)
{
    for (size_t kind = 0; kind < MT_SETTING_KINDS; kind++) {
        json_decref(settings->values[kind]);
        settings->values[kind] = NULL;
    }
}

int mt_settings_set(struct mt_settings *settings, enum mt_setting_kind kind, const char *name,
                    json_t *value, struct mt_error *error)
{
    return json_object_set_new(settings->values[kind], name, value) < 0
               ? mt_fail(error, "a setting's name or value is NULL, or not UTF-8")
               : 0;
}

void mt_settings_remove(struct mt_settings *settings, enum mt_setting_kind kind, const char *name)
{
    json_object_del(settings->values[kind], name);
}

static const char *kind_noun(enum mt_setting_kind kind)
{
    return kind == MT_CAPABILITY ? "capability" : "parameter";
}

/* QEMU lists capabilities, and has parameters as the members of one object. */
static json_t *capability_list(const json_t *values)
{
    json_t *list = json_array();
    const char *name;
    json_t *on;

    json_object_foreach ((json_t *)(uintptr_t)values, name, on) {
        json_array_append_new(list, json_pack("{s:s, s:O}", "capability", name, "state", on));
    }
    return list;
}

static json_t *capability_values(const json_t *list)
{
    json_t *values = json_object();
    const json_t *element;
    size_t index;

    json_array_foreach (list, index, element) {
        json_object_set(values, mt_json_text(element, "capability"),
                        json_object_get(element, "state"));
    }
    return values;
}

int mt_settings_query(struct mt_vm *vm, enum mt_setting_kind kind, json_t **ret_values,
                      struct mt_error *error)
{
    MT_AUTO_JSON json_t *reply = NULL;

    if (mt_vm_qmp(vm, &reply, error,
                  kind == MT_CAPABILITY ? "query-migrate-capabilities" : "query-migrate-parameters",
                  NULL) < 0) {
        return -1;
    }
    *ret_values = kind == MT_CAPABILITY ? capability_values(reply) : json_incref(reply);
    return 0;
}

static int settings_send(struct mt_vm *vm, enum mt_setting_kind kind, json_t *values,
                         struct mt_error *error)
{
    if (kind == MT_CAPABILITY) {
        return mt_vm_qmp(vm, NULL, error, "migrate-set-capabilities",
                         json_pack("{s:o}", "capabilities", capability_list(values)));
    }
    return mt_vm_qmp(vm, NULL, error, "migrate-set-parameters", json_incref(values));
}

static int settings_read_back(struct mt_vm *vm, enum mt_setting_kind kind, json_t *values,
                              struct mt_error *error)
{
    MT_AUTO_JSON json_t *all = NULL;
    const char *name;
    json_t *value;

    if (mt_settings_query(vm, kind, &all, error) < 0) {
        return -1;
    }
    json_object_foreach (values, name, value) {
        const json_t *found = json_object_get(all, name);
        if (!json_equal(found, value)) {
            MT_AUTO_FREE char *expected = json_dumps(value, JSON_ENCODE_ANY);
            MT_AUTO_FREE char *got =
                found != NULL ? json_dumps(found, JSON_ENCODE_ANY) : mt_text_copy("nothing");
            return mt_fail(error, "the %s took %s %s=%s and reads back %s", vm->side,
                           kind_noun(kind), name, expected, got);
        }
    }
    return 0;
}

struct mt_side_settings mt_side_settings_new(void)
{
    return (struct mt_side_settings){
        .test = mt_settings_new(),
        .migration = mt_settings_new(),
        .initial = mt_settings_new(),
        .current = mt_settings_new(),
    };
}

void mt_side_settings_clear(struct mt_side_settings *settings)
{
    mt_settings_clear(&settings->test);
    mt_settings_clear(&settings->migration);
    mt_settings_clear(&settings->initial);
    mt_settings_clear(&settings->current);
}

void mt_side_settings_forget_qemu(struct mt_side_settings *settings)
{
    mt_settings_clear(&settings->initial);
    mt_settings_clear(&settings->current);
    settings->initial = mt_settings_new();
    settings->current = mt_settings_new();
}

/* Remembers what the QEMU has of each name of which that is not known yet. */
static int learn_initial(struct mt_side_settings *settings, struct mt_vm *vm,
                         enum mt_setting_kind kind, json_t *names, struct mt_error *error)
{
    MT_AUTO_JSON json_t *all = NULL;
    const char *name;
    json_t *value;

    json_object_foreach (names, name, value) {
        if (json_object_get(settings->initial.values[kind], name) != NULL) {
            continue;
        }
        if (all == NULL && mt_settings_query(vm, kind, &all, error) < 0) {
            return -1;
        }
        json_t *initial = json_object_get(all, name);
        if (initial != NULL) {
            json_object_set(settings->initial.values[kind], name, initial);
            json_object_set(settings->current.values[kind], name, initial);
        }
    }
    return 0;
}

int mt_side_settings_find_initial(struct mt_side_settings *settings, struct mt_vm *vm,
                                  enum mt_setting_kind kind, const char *name,
                                  const json_t **ret_value, struct mt_error *error)
{
    MT_AUTO_JSON json_t *names = json_pack("{s:n}", name);

    if (learn_initial(settings, vm, kind, names, error) < 0) {
        return -1;
    }
    *ret_value = json_object_get(settings->initial.values[kind], name);
    return 0;
}

static json_t *settings_to_change(const struct mt_side_settings *settings,
                                  enum mt_setting_kind kind)
{
    MT_AUTO_JSON json_t *due = json_copy(settings->initial.values[kind]);
    json_t *changes = json_object();
    const char *name;
    json_t *value;

    json_object_update(due, settings->test.values[kind]);
    json_object_update(due, settings->migration.values[kind]);
    json_object_foreach (due, name, value) {
        if (!json_equal(json_object_get(settings->current.values[kind], name), value)) {
            json_object_set(changes, name, value);
        }
    }
    return changes;
}

static int apply_kind(struct mt_side_settings *settings, struct mt_vm *vm,
                      enum mt_setting_kind kind, struct mt_error *error)
{
    if (learn_initial(settings, vm, kind, settings->test.values[kind], error) < 0 ||
        learn_initial(settings, vm, kind, settings->migration.values[kind], error) < 0) {
        return -1;
    }
    MT_AUTO_JSON json_t *changes = settings_to_change(settings, kind);
    if (json_object_size(changes) == 0) {
        return 0;
    }
    if (settings_send(vm, kind, changes, error) < 0 ||
        settings_read_back(vm, kind, changes, error) < 0) {
        return -1;
    }
    json_object_update(settings->current.values[kind], changes);
    return 0;
}

/* Parameters first: some capabilities are accepted with the right parameters only. */
int mt_side_settings_apply(struct mt_side_settings *settings, struct mt_vm *vm,
                           struct mt_error *error)
{
    return apply_kind(settings, vm, MT_PARAMETER, error) < 0
               ? -1
               : apply_kind(settings, vm, MT_CAPABILITY, error);
}
