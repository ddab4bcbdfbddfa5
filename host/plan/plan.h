/* SPDX-License-Identifier: Apache-2.0 */
/* Which tests of the surveyed plugins run, and why the others do not. */
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
    MT_PLANNED_FAIL,  /* the manifest requires what the test lacks */
    MT_PLANNED_ERROR, /* the test cannot be started */
};

struct mt_planned {
    const struct mt_surveyed_plugin *plugin;
    struct mt_test_id id;
    const json_t *description; /* NULL: this stands for the loading of the plugin */
    enum mt_planned_state state;
    const char *reason;
    char *message;
    bool needs_kvm;
    const struct mt_quarantine *quarantine; /* NULL: the test is in no quarantine */
};

struct mt_plan_list {
    struct mt_planned *tests;
    size_t count;
    struct mt_planned *elsewhere; /* tests that other shards of the selection run */
    size_t elsewhere_count;
    size_t matched;      /* tests whose name and tags match */
    size_t not_selected; /* tests left out by name, tags, --failed, or the shard */
    struct mt_quarantines quarantines;
};

void mt_plan_make(const struct mt_survey *survey, const struct mt_selection *selection,
                  struct mt_plan_list *ret_plan);
void mt_plan_clear(struct mt_plan_list *plan);

/* Decides again whether a test runs. Call this when a trial has ended since. */
void mt_plan_decide(const struct mt_survey *survey, const struct mt_selection *selection,
                    struct mt_planned *test);

/*
 * The common reason why no test of the plan can run: a QEMU or the accelerator. NULL: a test may
 * run, or the tests have reasons of their own. The caller frees the text.
 */
char *mt_plan_fault(const struct mt_survey *survey, const struct mt_plan_list *plan);

/* Whether a test cannot be started for that reason. */
bool mt_planned_lacks_qemu(const struct mt_planned *test);

/* Number of tests that can run here. */
size_t mt_plan_runnable(const struct mt_plan_list *plan);

/* Whether another shard has tests that can run on a host like this. Decides about them again first.
 */
bool mt_plan_can_run_elsewhere(const struct mt_survey *survey, const struct mt_selection *selection,
                               struct mt_plan_list *plan);

/* Whether a test of this shard that may run needs KVM. */
bool mt_plan_needs_kvm(const struct mt_plan_list *plan);

/*
 * Whether it depends on the trial of KVM if anything runs, here or in other shards: all tests that
 * may run need KVM, and the trial has not ended.
 */
bool mt_plan_depends_on_kvm(const struct mt_survey *survey, const struct mt_plan_list *plan);

#endif
