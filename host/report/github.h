/* SPDX-License-Identifier: Apache-2.0 */
/* Failures as annotations of GitHub, whose runner reads them from the output of a step. */
#ifndef MT_REPORT_GITHUB_H
#define MT_REPORT_GITHUB_H

#include <stdio.h>

#include "report/results.h"

void mt_github_print(FILE *out, const struct mt_results_list *list);

#endif
