/* SPDX-License-Identifier: Apache-2.0 */
/* The trial of one accelerator. */
#ifndef MT_SURVEY_TRIALS_H
#define MT_SURVEY_TRIALS_H

#include "survey/survey.h"

/* Tries it with each QEMU that differs, or takes the results from the cache. */
void mt_trial_start(struct mt_survey *survey, struct mt_accelerator_trial *trial);
void mt_trial_clear(struct mt_accelerator_trial *trial);

#endif
