/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which of libmigtest's symbol versions a plugin needs, read from its file. The loader would refuse
 * a version that is missing, too, but names no symbol; and it accepts migtest's private symbols.
 */
#ifndef MT_SURVEY_ELF_VERSIONS_H
#define MT_SURVEY_ELF_VERSIONS_H

#include <libelf.h>
#include <stdint.h>

#include "base/error.h"

/*
 * The minor of the newest symbol that the plugin uses. The plugin needs that minor, whichever
 * headers it was built with. Fails if this migtest has no such symbol, or if plugins may not use
 * the symbol.
 */
int mt_elf_needed_minor(Elf *elf, const char *path, uint32_t *ret_minor, struct mt_error *error);

#endif
