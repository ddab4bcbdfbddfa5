/* SPDX-License-Identifier: Apache-2.0 */
/* Migration capabilities and parameters: set, and read back, as QEMU may take what it does not do.
 */
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"
#include "lib/pair/pair.h"

static json_t *as_list(const json_t *capabilities)
{
    json_t *list = json_array();
    const char *name;
    json_t *on;

    json_object_foreach ((json_t *)(uintptr_t)capabilities, name, on) {
        json_array_append_new(list, json_pack("{s:s, s:O}", "capability", name, "state", on));
    }
    return list;
}

const json_t *mt_capability_state(const json_t *list, const char *name)
{
    const json_t *one;
    size_t index;

    json_array_foreach (list, index, one) {
        const char *its_name = mt_json_find_text(one, "capability");
        if (its_name != NULL && strcmp(its_name, name) == 0) {
            return json_object_get(one, "state");
        }
    }
    return NULL;
}

static int read_back_capabilities(struct mt_vm *vm, json_t *capabilities, struct mt_error *error)
{
    MT_AUTO_JSON json_t *all = NULL;
    const char *name;
    json_t *on;

    if (mt_vm_qmp(vm, &all, error, "query-migrate-capabilities", NULL) < 0) {
        return -1;
    }
    json_object_foreach (capabilities, name, on) {
        const json_t *state = mt_capability_state(all, name);
        if (state == NULL) {
            return mt_fail(error, "the %s has no capability %s", vm->side, name);
        }
        if (!json_equal(state, on)) {
            return mt_fail(error, "the %s took capability %s=%s and reads back the opposite",
                           vm->side, name, json_is_true(on) ? "on" : "off");
        }
    }
    return 0;
}

static int set_capabilities(struct mt_vm *vm, json_t *capabilities, struct mt_error *error)
{
    json_t *arguments = json_pack("{s:o}", "capabilities", as_list(capabilities));

    if (mt_vm_qmp(vm, NULL, error, "migrate-set-capabilities", arguments) < 0) {
        return -1;
    }
    return read_back_capabilities(vm, capabilities, error);
}

static int read_back_parameters(struct mt_vm *vm, json_t *parameters, struct mt_error *error)
{
    MT_AUTO_JSON json_t *all = NULL;
    const char *name;
    json_t *value;

    if (mt_vm_qmp(vm, &all, error, "query-migrate-parameters", NULL) < 0) {
        return -1;
    }
    json_object_foreach (parameters, name, value) {
        const json_t *found = json_object_get(all, name);
        if (!json_equal(found, value)) {
            MT_AUTO_FREE char *expected = json_dumps(value, JSON_ENCODE_ANY);
            MT_AUTO_FREE char *got =
                found != NULL ? json_dumps(found, JSON_ENCODE_ANY) : mt_text_copy("nothing");
            return mt_fail(error, "the %s took parameter %s=%s and reads back %s", vm->side, name,
                           expected, got);
        }
    }
    return 0;
}

static int set_parameters(struct mt_vm *vm, json_t *parameters, struct mt_error *error)
{
    if (mt_vm_qmp(vm, NULL, error, "migrate-set-parameters", json_incref(parameters)) < 0) {
        return -1;
    }
    return read_back_parameters(vm, parameters, error);
}

typedef int (*set_on)(struct mt_vm *vm, json_t *settings, struct mt_error *error);

/* On both sides where `vm` is NULL, and then remembered in `known`. */
static int set(struct mt_pair *pair, struct mt_vm *vm, json_t *known, json_t *settings,
               set_on set_on_one, struct mt_error *error)
{
    if (settings == NULL) {
        return mt_fail(error, "a setting's name or value is NULL, or not UTF-8");
    }
    if (vm != NULL) {
        return set_on_one(vm, settings, error);
    }
    json_object_update(known, settings);
    if (set_on_one(pair->sides[MT_SOURCE].vm, settings, error) < 0) {
        return -1;
    }
    return pair->sides[MT_DESTINATION].vm == NULL
               ? 0
               : set_on_one(pair->sides[MT_DESTINATION].vm, settings, error);
}

int mt_pair_set_capabilities(struct mt_pair *pair, struct mt_vm *vm, json_t *capabilities,
                             struct mt_error *error)
{
    json_t *known = vm == NULL ? pair->capabilities : NULL;
    int result = set(pair, vm, known, capabilities, set_capabilities, error);

    json_decref(capabilities);
    return result;
}

int mt_pair_set_parameters(struct mt_pair *pair, struct mt_vm *vm, json_t *parameters,
                           struct mt_error *error)
{
    json_t *known = vm == NULL ? pair->parameters : NULL;
    int result = set(pair, vm, known, parameters, set_parameters, error);

    json_decref(parameters);
    return result;
}

int mt_pair_set_again(struct mt_pair *pair, struct mt_vm *vm, struct mt_error *error)
{
    if (json_object_size(pair->capabilities) > 0 &&
        set_capabilities(vm, pair->capabilities, error) < 0) {
        return -1;
    }
    return json_object_size(pair->parameters) > 0 ? set_parameters(vm, pair->parameters, error) : 0;
}
