/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/script.h"

#include <unistd.h>

#include "cli/diagnostics.h"

int mt_become_script(const struct mt_strings *command)
{
    execv(command->items[0], command->items);
    mt_diagnose("cannot start %s: %m", command->items[0]);
    return MT_EXIT_BROKEN;
}
