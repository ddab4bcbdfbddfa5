/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON schema of a manifest, made from the table of keys. */
#ifndef MT_MANIFEST_SCHEMA_H
#define MT_MANIFEST_SCHEMA_H

#include <jansson.h>

#include "manifest/keys.h"

json_t *mt_manifest_schema(void);

/*
 * What the key means, its allowed values, and its default value: the first sentences of the key in
 * migtest-manifest(5). The caller frees the text.
 */
char *mt_key_description(const struct mt_key *key);

#endif
