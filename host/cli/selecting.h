/* SPDX-License-Identifier: Apache-2.0 */
/* From the command line to a selection. */
#ifndef MT_CLI_SELECTING_H
#define MT_CLI_SELECTING_H

#include "cli/session.h"
#include "plan/history.h"
#include "plan/selection.h"

/*
 * Reads the journal that --failed is about into `history`, which the caller clears after the
 * selection's last use. Returns -1 to go on, or the exit status when it has said what is wrong.
 */
int mt_select(const struct mt_session *session, const struct mt_cli_options *options,
              struct mt_history *history, struct mt_selection *ret_selection);

/* The folder of results: as the command line, or the manifest, says. */
const char *mt_results_of(const struct mt_session *session, const struct mt_cli_options *options);

#endif
