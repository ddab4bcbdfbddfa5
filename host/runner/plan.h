/* SPDX-License-Identifier: Apache-2.0 */
/* Which tests of the surveyed plugins are to run, and what is said of the others. */
#ifndef MT_RUNNER_PLAN_H
#define MT_RUNNER_PLAN_H

#include <stdbool.h>

#include "base/text.h"
#include "runner/survey.h"

struct mt_selection {
    struct mt_strings tests; /* globs on PLUGIN:NAME or NAME; none: all */
    struct mt_strings skips;
    bool slow;
};

enum mt_planned_state {
    MT_PLANNED_RUN,
    MT_PLANNED_SKIP,
    MT_PLANNED_FAIL,  /* what it lacks is required */
    MT_PLANNED_ERROR, /* it cannot even be tried */
};

struct mt_planned {
    const struct mt_surveyed_plugin *plugin;
    const char *group;
    const char *test;
    const json_t *description; /* NULL: the case that stands for loading the plugin */
    enum mt_planned_state state;
    const char *reason;
    char *message;
    bool wants_kvm;
};

struct mt_plan_list {
    struct mt_planned *tests;
    size_t count;
    size_t not_selected;
};

void mt_plan_make(const struct mt_survey *survey, const struct mt_selection *selection,
                  struct mt_plan_list *ret_plan);
void mt_plan_clear(struct mt_plan_list *plan);

/* Decides again, now that more is known. */
void mt_plan_decide(const struct mt_survey *survey, const struct mt_selection *selection,
                    struct mt_planned *test);

/* How many could run here. */
size_t mt_plan_runnable(const struct mt_plan_list *plan);

bool mt_selection_has(const struct mt_selection *selection, const char *plugin, const char *test);

#endif
