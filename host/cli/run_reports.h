/* SPDX-License-Identifier: Apache-2.0 */
/* The files that a run ends with. */
#ifndef MT_CLI_RUN_REPORTS_H
#define MT_CLI_RUN_REPORTS_H

#include "cli/audience.h"
#include "cli/options.h"

/* Whether they can be written, as far as can be known before; an exit status, or -1 to go on. */
int mt_reports_check(const struct mt_cli_options *options);

/* Returns 0, or the exit status when it has said what could not be written. */
int mt_reports_write(const struct mt_audience *audience, const struct mt_cli_options *options);

#endif
