/* SPDX-License-Identifier: Apache-2.0 */
/* Commands that a script beside the worker carries out. */
#ifndef MT_CLI_SCRIPT_H
#define MT_CLI_SCRIPT_H

#include "base/text.h"

/* This process becomes the script. Returns an exit status where that fails. */
int mt_become_script(const struct mt_strings *command);

#endif
