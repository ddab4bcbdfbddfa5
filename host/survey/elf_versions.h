/* SPDX-License-Identifier: Apache-2.0 */
/* Which of libmigtest's symbol versions a plugin needs, read from its file. */
#ifndef MT_SURVEY_ELF_VERSIONS_H
#define MT_SURVEY_ELF_VERSIONS_H

#include <libelf.h>
#include <stdint.h>

#include "base/error.h"

/*
 * The minor of the newest symbol that the plugin uses, which is what it needs, whatever its header
 * was. Fails where this migtest has no such symbol, or where a plugin may not use it.
 */
int mt_elf_needed_minor(Elf *elf, const char *path, uint32_t *ret_minor, struct mt_error *error);

#endif
