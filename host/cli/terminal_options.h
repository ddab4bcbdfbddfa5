/* SPDX-License-Identifier: Apache-2.0 */
/* What the command line and the environment say of the terminal. */
#ifndef MT_CLI_TERMINAL_OPTIONS_H
#define MT_CLI_TERMINAL_OPTIONS_H

#include "cli/options.h"
#include "report/terminal.h"

/* stdout, as --color, --quiet, --verbose and NO_COLOR want it. */
struct mt_terminal mt_terminal_of(const struct mt_cli_options *options);

/* With a live line, where there is a terminal that can show one. */
void mt_terminal_go_live(struct mt_terminal *terminal);

#endif
