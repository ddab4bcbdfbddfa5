/* SPDX-License-Identifier: Apache-2.0 */
/* The `hosts` of a manifest: what one machine changes. */
#ifndef MT_MANIFEST_HOSTS_H
#define MT_MANIFEST_HOSTS_H

#include "manifest/yaml.h"

enum { MT_HOSTS_LIMIT = 1000 }; /* entries */

/*
 * Lays every entry whose glob matches the host's name over the manifest, in order. `check` is
 * called for each entry, without its `match`, whether or not it matches: what is wrong for another
 * host is better found here than there.
 */
int mt_manifest_apply_hosts(struct mt_yaml_file *file, const char *host,
                            int (*check)(const struct mt_yaml_file *file,
                                         const struct mt_yaml *part, struct mt_error *error),
                            struct mt_yaml **ret_tree, struct mt_error *error);

/* Whether fnmatch() would take all of it for what it looks like: no bracket left open. */
bool mt_glob_is_possible(const char *glob);

#endif
