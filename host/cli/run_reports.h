/* SPDX-License-Identifier: Apache-2.0 */
/* The reports of a run or of journals, written when all results are known. */
#ifndef MT_CLI_RUN_REPORTS_H
#define MT_CLI_RUN_REPORTS_H

#include "cli/options.h"
#include "report/results.h"

/* Checks that the report files can be written. Returns -1 to go on, or an exit status. */
int mt_reports_check(const struct mt_cli_options *options);

/* Returns MT_EXIT_PASSED, or another exit status after it has printed what could not be written. */
int mt_reports_write(const struct mt_results_list *list, const struct mt_cli_options *options);

#endif
