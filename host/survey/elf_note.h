/* SPDX-License-Identifier: Apache-2.0 */
/* Checks a plugin's file before any of its code runs. */
#ifndef MT_SURVEY_ELF_NOTE_H
#define MT_SURVEY_ELF_NOTE_H

#include <stdint.h>

#include "base/error.h"

struct mt_plugin_note {
    uint32_t abi_major;
    uint32_t abi_minor;    /* of the headers that the plugin was built with */
    uint32_t needed_minor; /* of the newest symbol that the plugin uses */
};

/* Fails unless this migtest can load the plugin. The error says what the file has, and what is
 * expected. */
int mt_elf_check_plugin(const char *path, struct mt_plugin_note *ret_note, struct mt_error *error);

#endif
