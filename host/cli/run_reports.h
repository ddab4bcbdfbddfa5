/* SPDX-License-Identifier: Apache-2.0 */
/* What is written once all results are there. */
#ifndef MT_CLI_RUN_REPORTS_H
#define MT_CLI_RUN_REPORTS_H

#include "cli/options.h"
#include "report/results.h"

/* Whether they can be written, as far as can be known before; an exit status, or -1 to go on. */
int mt_reports_check(const struct mt_cli_options *options);

/* Returns 0, or the exit status when it has said what could not be written. */
int mt_reports_write(const struct mt_results_list *list, const struct mt_cli_options *options);

#endif
