/* SPDX-License-Identifier: Apache-2.0 */
/* The survey's accelerators, for the other parts of the survey. */
#ifndef MT_SURVEY_ACCELERATORS_H
#define MT_SURVEY_ACCELERATORS_H

#include "survey/survey.h"

/* Begins the trials of the accelerators that the run may use. The machine must be resolved. */
void mt_accelerators_try(struct mt_survey *survey);

bool mt_accelerators_are_pending(const struct mt_survey *survey);

/* Sets the survey's accelerator, or its fault, once the trials allow; it is not changed later. */
void mt_accelerators_choose(struct mt_survey *survey);

void mt_accelerators_clear(struct mt_survey *survey);

#endif
