/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of migtest box's script: the QEMUs, folders and results of a command. */
#ifndef MT_CLI_BOX_COMMAND_H
#define MT_CLI_BOX_COMMAND_H

#include "base/text.h"

/* Adds an option with its value to the script's command line. */
void mt_box_tell(struct mt_strings *script, const char *option, const char *value);

/*
 * Completes the script's command line with all that migtest ARGS needs in the box, and with ARGS.
 * `argv` are ARGS, at least one. Returns -1 to go on, or an exit status: what is wrong with ARGS or
 * the manifest is said here, before the box starts.
 */
int mt_box_tell_command(struct mt_strings *script, const char *usage, int argc, char **argv);

#endif
