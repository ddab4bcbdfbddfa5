/* SPDX-License-Identifier: Apache-2.0 */
/* Those keys of a manifest that hold entries with keys of their own, which are kept as they stand.
 */
#ifndef MT_MANIFEST_ENTRIES_H
#define MT_MANIFEST_ENTRIES_H

#include "manifest/values.h"

int mt_read_not_kept(const struct mt_value_reader *reader, const struct mt_key *key,
                     const struct mt_yaml *node, void *target);
int mt_read_quarantine(const struct mt_value_reader *reader, const struct mt_key *key,
                       const struct mt_yaml *node, void *target);
int mt_read_limits(const struct mt_value_reader *reader, const struct mt_key *key,
                   const struct mt_yaml *node, void *target);

/* The keys of an entry of not_kept, quarantine or limits; NULL for any other name. */
const struct mt_key *mt_manifest_entry_keys(const char *name);

#endif
