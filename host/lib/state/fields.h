/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of a section, by the description at the end of QEMU's migration stream. */
#ifndef MT_STATE_FIELDS_H
#define MT_STATE_FIELDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "lib/state/sections.h"

/* One field and its place in a section. Paths are "cmos_data[64]", "regs[0]", "timers[2].period".
 */
struct mt_field {
    char *path;
    char *subsection; /* the path of the innermost subsection around the field; NULL: none */
    char *mark;       /* the name of that subsection in the stream: "ich9_pm/cpuhp" */
    size_t offset;
    size_t size;
};

struct mt_fields {
    struct mt_field *items; /* in order; only the stream's own marks are between them */
    size_t count;
};

/*
 * Finds the fields of a section. `description` is one item of the stream's `devices`. Fails if the
 * description does not cover the section exactly. The description has the common state of virtio as
 * one field, although QEMU writes subsections inside it. Such a field is cut at its subsections:
 * "virtio", "virtio/ringsize".
 */
int mt_fields_lay_out(const json_t *description, const struct mt_section *section,
                      struct mt_fields *ret_fields, struct mt_error *error);
void mt_fields_clear(struct mt_fields *fields);

/* Whether the section has a subsection of that name anywhere. */
bool mt_section_has_mark(const struct mt_section *section, const char *mark);

#endif
