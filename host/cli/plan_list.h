/* SPDX-License-Identifier: Apache-2.0 */
/* Prints a plan: each test, whether the test would run, and if not, why. */
#ifndef MT_CLI_PLAN_LIST_H
#define MT_CLI_PLAN_LIST_H

#include "plan/plan.h"

/* Decides about each test again first, as trials may have ended since the plan was made. */
void mt_plan_list_print(const struct mt_survey *survey, const struct mt_selection *selection,
                        struct mt_plan_list *plan);

#endif
