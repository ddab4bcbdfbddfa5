/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/state_names.h"

#include <stdlib.h>

#include "base/text.h"
#include "lib/state/describe.h"
#include "lib/state/dump.h"
#include "lib/state/fields.h"
#include "lib/verify/fresh_qemus.h"

static int state_names_ask_side(struct mt_pair *pair, struct mt_vm *vm,
                                const struct mt_sections *sections, json_t **ret_names,
                                struct mt_sections *ret_fresh, struct mt_error *error)
{
    return mt_state_dump(vm, pair->config->scratch, ret_fresh, error) < 0
               ? -1
               : mt_state_describe(vm, sections, ret_fresh, ret_names, error);
}

static int state_names_ask_both(struct mt_pair *pair, const struct mt_fresh_qemus *fresh,
                                const struct mt_sections *source,
                                const struct mt_sections *destination, struct mt_state_names *names,
                                struct mt_error *error)
{
    return state_names_ask_side(pair, fresh->source, source, &names->source, &names->fresh_source,
                                error) < 0 ||
                   state_names_ask_side(pair, fresh->destination, destination, &names->destination,
                                        &names->fresh_destination, error) < 0
               ? -1
               : 0;
}

void mt_state_names_ask(struct mt_pair *pair, const struct mt_sections *source,
                        const struct mt_sections *destination, struct mt_state_names *ret_names)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    struct mt_fresh_qemus fresh = {0};
    struct mt_state_names names = {0};

    if (mt_fresh_qemus_start(pair, &fresh, &error) < 0 ||
        state_names_ask_both(pair, &fresh, source, destination, &names, &error) < 0) {
        names.why_unknown = mt_text_copy(mt_error_text(&error));
    }
    mt_fresh_qemus_end(&fresh);
    *ret_names = names;
}

void mt_state_names_clear(struct mt_state_names *names)
{
    json_decref(names->source);
    json_decref(names->destination);
    mt_sections_clear(&names->fresh_source);
    mt_sections_clear(&names->fresh_destination);
    free(names->why_unknown);
    *names = (struct mt_state_names){0};
}

/* Whether the fresh QEMU has the section, or the subsection, of the difference. */
static bool fresh_has(const struct mt_section *fresh, const struct mt_state_difference *difference)
{
    return fresh != NULL &&
           (difference->mark == NULL || mt_section_has_mark(fresh, difference->mark));
}

bool mt_state_names_explain(const struct mt_state_names *names,
                            const struct mt_state_difference *difference)
{
    const struct mt_section *source =
        mt_sections_find(&names->fresh_source, difference->section, difference->instance);
    const struct mt_section *destination =
        mt_sections_find(&names->fresh_destination, difference->section, difference->instance);

    switch (difference->kind) {
    case MT_ONLY_SOURCE:
        return fresh_has(source, difference) && !fresh_has(destination, difference);
    case MT_ONLY_DESTINATION:
        return !fresh_has(source, difference) && fresh_has(destination, difference);
    case MT_OTHER_SIZE:
        return source != NULL && destination != NULL && source->size != destination->size;
    default:
        return false;
    }
}
