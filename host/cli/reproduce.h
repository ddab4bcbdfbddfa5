/* SPDX-License-Identifier: Apache-2.0 */
/* The command that runs a test again as it ran here. */
#ifndef MT_CLI_REPRODUCE_H
#define MT_CLI_REPRODUCE_H

#include "cli/options.h"

/* `migtest run` with those options that matter to one test; the caller frees it. */
char *mt_reproduce_command(const struct mt_cli_options *options, bool other_host);

#endif
