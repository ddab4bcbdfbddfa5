/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of a section, by the description that QEMU's own stream ends with. */
#ifndef MT_STATE_FIELDS_H
#define MT_STATE_FIELDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "lib/state/sections.h"

/* One field as it lies in a section: "cmos_data[64]", "regs[0]", "timers[2].period". */
struct mt_field {
    char *path;
    char *subsection; /* the path of the innermost one that it is part of; NULL: of none */
    char *mark;       /* the name of that in the stream, "ich9_pm/cpuhp" */
    size_t offset;
    size_t size;
};

struct mt_fields {
    struct mt_field *items; /* in order, without gaps but for the stream's own marks */
    size_t count;
};

/*
 * `description` is one of the stream's `devices`. Fails when it does not cover exactly the section.
 * What the description has as one field, but QEMU writes with subsections of its own in it
 * (virtio's common state), is cut at these: "virtio", "virtio/ringsize".
 */
int mt_fields_lay_out(const json_t *description, const struct mt_section *section,
                      struct mt_fields *ret_fields, struct mt_error *error);
void mt_fields_clear(struct mt_fields *fields);

/* Whether the stream has the mark of a subsection of that name anywhere in the section. */
bool mt_section_has_mark(const struct mt_section *section, const char *mark);

#endif
