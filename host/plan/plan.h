/* SPDX-License-Identifier: Apache-2.0 */
/* Which tests of the surveyed plugins are to run, and what is said of the others. */
#ifndef MT_PLAN_PLAN_H
#define MT_PLAN_PLAN_H

#include <stdbool.h>

#include "base/test_id.h"
#include "base/text.h"
#include "plan/quarantine.h"
#include "plan/selection.h"
#include "survey/survey.h"

enum mt_planned_state {
    MT_PLANNED_RUN,
    MT_PLANNED_SKIP,
    MT_PLANNED_FAIL,  /* what it lacks is required */
    MT_PLANNED_ERROR, /* it cannot even be tried */
};

struct mt_planned {
    const struct mt_surveyed_plugin *plugin;
    struct mt_test_id id;
    const json_t *description; /* NULL: the case that stands for loading the plugin */
    enum mt_planned_state state;
    const char *reason;
    char *message;
    bool wants_kvm;
    const struct mt_quarantine *quarantine; /* NULL: it is not under one */
};

struct mt_plan_list {
    struct mt_planned *tests;
    size_t count;
    struct mt_planned *elsewhere; /* what other shards of the selection run */
    size_t elsewhere_count;
    size_t matched;      /* by name and tags */
    size_t not_selected; /* by these, by how they ended before, or for this shard */
    struct mt_quarantines quarantines;
};

void mt_plan_make(const struct mt_survey *survey, const struct mt_selection *selection,
                  struct mt_plan_list *ret_plan);
void mt_plan_clear(struct mt_plan_list *plan);

/* Decides again, now that more is known. */
void mt_plan_decide(const struct mt_survey *survey, const struct mt_selection *selection,
                    struct mt_planned *test);

/*
 * Why nothing of it can run, whatever the tests need; NULL: something may, or each test has a
 * reason of its own. The caller frees it.
 */
char *mt_plan_fault(const struct mt_survey *survey, const struct mt_plan_list *plan);

/* Whether a test cannot be tried for that. */
bool mt_planned_lacks_qemu(const struct mt_planned *test);

/* How many could run here. */
size_t mt_plan_runnable(const struct mt_plan_list *plan);

/* Whether another shard has something that can run on a host like this; decides again first. */
bool mt_plan_can_run_elsewhere(const struct mt_survey *survey, const struct mt_selection *selection,
                               struct mt_plan_list *plan);

/* Whether something may run that needs KVM. */
bool mt_plan_wants_kvm(const struct mt_plan_list *plan);

/* Whether nothing is sure to run, but something may that needs KVM. */
bool mt_plan_hangs_on_kvm(const struct mt_survey *survey, const struct mt_plan_list *plan);

#endif
