/* SPDX-License-Identifier: Apache-2.0 */
/* The selection of tests that the command line asks for. */
#ifndef MT_CLI_SELECTING_H
#define MT_CLI_SELECTING_H

#include "cli/session.h"
#include "plan/history.h"
#include "plan/selection.h"

/*
 * Makes the selection. Reads the journal of --failed into `history`, which the selection points to,
 * and which the caller clears after the last use of the selection. Returns -1 to go on, or an exit
 * status after it has printed what is wrong.
 */
int mt_select(const struct mt_session *session, const struct mt_cli_options *options,
              struct mt_history *history, struct mt_selection *ret_selection);

/* The results folder, from the command line or else from the manifest. */
const char *mt_results_of(const struct mt_session *session, const struct mt_cli_options *options);

#endif
