/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/state_names.h"

#include <stdio.h>

#include "lib/state/describe.h"
#include "lib/state/dump.h"
#include "lib/state/fields.h"
#include "lib/verify/control.h"

static int ask_side(struct mt_pair *pair, struct mt_vm *vm, const struct mt_sections *sections,
                    json_t **ret_names, struct mt_sections *ret_fresh, struct mt_error *error)
{
    return mt_state_dump(vm, pair->config->scratch, ret_fresh, error) < 0
               ? -1
               : mt_state_describe(vm, sections, ret_fresh, ret_names, error);
}

static int ask_both(struct mt_pair *pair, const struct mt_control *control,
                    const struct mt_sections *source, const struct mt_sections *destination,
                    struct mt_state_names *names, struct mt_error *error)
{
    struct mt_sections fresh_source = {0};
    int result =
        ask_side(pair, control->source, source, &names->source, &fresh_source, error) < 0 ||
                ask_side(pair, control->destination, destination, &names->destination,
                         &names->fresh_destination, error) < 0
            ? -1
            : 0;

    mt_sections_clear(&fresh_source);
    return result;
}

void mt_state_names_ask(struct mt_pair *pair, const struct mt_sections *source,
                        const struct mt_sections *destination, struct mt_state_names *ret_names)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    struct mt_control control = {0};
    struct mt_state_names names = {0};

    if (mt_control_start(pair, &control, &error) < 0 ||
        ask_both(pair, &control, source, destination, &names, &error) < 0) {
        printf("-- fields have no names here: %s\n", mt_error_text(&error));
    }
    mt_control_end(&control);
    *ret_names = names;
}

void mt_state_names_clear(struct mt_state_names *names)
{
    json_decref(names->source);
    json_decref(names->destination);
    mt_sections_clear(&names->fresh_destination);
    *names = (struct mt_state_names){0};
}

bool mt_state_names_promise(const struct mt_state_names *names,
                            const struct mt_state_difference *difference)
{
    const struct mt_section *fresh =
        mt_sections_find(&names->fresh_destination, difference->section, difference->instance);

    if (names->fresh_destination.count == 0) {
        return true;
    }
    return fresh != NULL &&
           (difference->mark == NULL || mt_section_has_mark(fresh, difference->mark));
}
