/* SPDX-License-Identifier: Apache-2.0 */
/* The key `hosts` of a manifest: what changes on some hosts. */
#ifndef MT_MANIFEST_HOSTS_H
#define MT_MANIFEST_HOSTS_H

#include "manifest/yaml.h"

enum { MT_HOSTS_LIMIT = 1000 }; /* entries */

/*
 * Applies every entry whose glob matches the host's name to the manifest, in order. `check` is
 * called for all entries, without their `match`, so that errors that concern another host are found
 * on this host, too.
 */
int mt_manifest_apply_hosts(struct mt_yaml_file *file, const char *host,
                            int (*check)(const struct mt_yaml_file *file,
                                         const struct mt_yaml *part, struct mt_error *error),
                            struct mt_yaml **ret_tree, struct mt_error *error);

/* Whether every bracket is closed and no backslash is last. fnmatch() takes others literally. */
bool mt_glob_is_possible(const char *glob);

#endif
