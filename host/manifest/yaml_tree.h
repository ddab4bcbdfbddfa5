/* SPDX-License-Identifier: Apache-2.0 */
/* What reading and merging share: making nodes that a file owns. */
#ifndef MT_MANIFEST_YAML_TREE_H
#define MT_MANIFEST_YAML_TREE_H

#include "manifest/yaml.h"

/* Gives a block of memory to the file, which frees it at its end; returns the block. */
void *mt_yaml_keep(struct mt_yaml_file *file, void *block);

/* A node without place, with room for `room` items (and keys, if a mapping). */
struct mt_yaml *mt_yaml_new(struct mt_yaml_file *file, enum mt_yaml_kind kind, size_t room);

/* Both must have room for it. */
void mt_yaml_append(struct mt_yaml *node, struct mt_yaml *key, struct mt_yaml *item);

#endif
