/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of a manifest, version 1. Keys are added, never changed. */
#ifndef MT_MANIFEST_KEYS_H
#define MT_MANIFEST_KEYS_H

#include "manifest/manifest.h"
#include "manifest/values.h"

/* Reads a whole tree, hosts already applied, into a manifest that holds the defaults. */
int mt_manifest_read_keys(const struct mt_value_reader *reader, const struct mt_yaml *root,
                          struct mt_manifest *manifest);

/* [a-z0-9][a-z0-9_-]*: it becomes a file name. */
bool mt_plugin_name_is_possible(const char *name);

/*
 * What the tables say of a mapping: "" the manifest itself, "qemu", "source" either side of it,
 * "plugins" one of these, "not_kept", "quarantine" an entry of these, "limits".
 */
const struct mt_key *mt_manifest_keys(const char *mapping);

#endif
