/* SPDX-License-Identifier: Apache-2.0 */
/* Makes nodes that a file owns, for reading and for merging. */
#ifndef MT_MANIFEST_YAML_TREE_H
#define MT_MANIFEST_YAML_TREE_H

#include "manifest/yaml.h"

/* Makes the file the owner of a block of memory, and returns the block. */
void *mt_yaml_keep(struct mt_yaml_file *file, void *block);

/* A node without a place, with room for `room` items (and keys, if a mapping). */
struct mt_yaml *mt_yaml_new(struct mt_yaml_file *file, enum mt_yaml_kind kind, size_t room);

/* Appends an item, and its key if the node is a mapping. The node must have room for them. */
void mt_yaml_append(struct mt_yaml *node, struct mt_yaml *key, struct mt_yaml *item);

#endif
