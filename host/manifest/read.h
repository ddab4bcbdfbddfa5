/* SPDX-License-Identifier: Apache-2.0 */
/* Reads values out of YAML into structs, by a table of keys. */
#ifndef MT_MANIFEST_READ_H
#define MT_MANIFEST_READ_H

#include "manifest/keys.h"

/* Gives every member that has a key its default value. */
void mt_keys_set_defaults(const struct mt_key *keys, void *target);

/*
 * Reads a mapping into the struct at `target`. A key that the table lacks is an error, in which
 * `noun` names the mapping.
 */
int mt_keys_read(const struct mt_key_reader *reader, const struct mt_yaml *node, const char *noun,
                 const struct mt_key *keys, void *target);

#endif
