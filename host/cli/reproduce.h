/* SPDX-License-Identifier: Apache-2.0 */
/* The command that runs a test again in the same way. */
#ifndef MT_CLI_REPRODUCE_H
#define MT_CLI_REPRODUCE_H

#include "cli/options.h"

/*
 * `migtest run` with the options that matter to a single test. `other_host`: --host was given. The
 * caller frees the text.
 */
char *mt_reproduce_command(const struct mt_cli_options *options, bool other_host);

#endif
