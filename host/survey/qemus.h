/* SPDX-License-Identifier: Apache-2.0 */
/* The survey's two QEMUs, for the other parts of the survey. */
#ifndef MT_SURVEY_QEMUS_H
#define MT_SURVEY_QEMUS_H

#include "survey/survey.h"

/*
 * Sets the survey's machine, or its fault. Does nothing unless both QEMUs have answered and can be
 * used.
 */
void mt_qemus_resolve_machine(struct mt_survey *survey);

/* "the source cannot be used: ..."; the caller frees it. */
char *mt_qemu_fault(const struct mt_surveyed_qemu *qemu, const char *why);

#endif
