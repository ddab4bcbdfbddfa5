/* SPDX-License-Identifier: Apache-2.0 */
/* The terminal, as the command line and the environment ask for it. */
#ifndef MT_CLI_TERMINAL_OPTIONS_H
#define MT_CLI_TERMINAL_OPTIONS_H

#include "cli/options.h"
#include "report/terminal.h"

/* stdout, with the settings of --color, --quiet, --verbose and NO_COLOR. */
struct mt_terminal mt_terminal_of(const struct mt_cli_options *options);

/* Turns the live line on, if stdout is a terminal that can show one. */
void mt_terminal_go_live(struct mt_terminal *terminal);

#endif
