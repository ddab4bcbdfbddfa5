/* SPDX-License-Identifier: Apache-2.0 */
/* What went wrong as annotations of GitHub's, which its runner reads from a step's output. */
#ifndef MT_REPORT_GITHUB_H
#define MT_REPORT_GITHUB_H

#include <stdio.h>

#include "report/results.h"

void mt_github_print(FILE *out, const struct mt_results_list *list);

#endif
