/* SPDX-License-Identifier: Apache-2.0 */
/* Which tests a run is about, whatever this host can do. */
#ifndef MT_PLAN_SELECTION_H
#define MT_PLAN_SELECTION_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/test_id.h"
#include "base/text.h"

struct mt_history;

/* The case that stands for loading a plugin. */
#define MT_LOAD_CASE "load"

struct mt_selection {
    struct mt_strings tests; /* globs on PLUGIN:NAME or NAME; none: all */
    struct mt_strings skips;
    struct mt_strings tags; /* globs, of which one must match a tag of the test; none: all */
    struct mt_strings skip_tags;
    const struct mt_history *failed; /* only what failed there; NULL: all */
    int64_t shard;                   /* from 1 */
    int64_t shards;                  /* 0: there is one */
    bool slow;
};

/* By name and tags (a JSON list; NULL: none). */
bool mt_selection_has(const struct mt_selection *selection, const struct mt_test_id *id,
                      const json_t *tags);

/* Whether a plugin that does not load may hold what is selected. */
bool mt_selection_has_plugin(const struct mt_selection *selection, const char *plugin);

/* By how it ended the last time. */
bool mt_selection_runs_again(const struct mt_selection *selection, const struct mt_test_id *id);

/* Whether it belongs to this shard. A test's shard hangs on its name and the number of shards
 * alone, so that agents that have never met share a run. */
bool mt_selection_is_here(const struct mt_selection *selection, const struct mt_test_id *id);

/* Whether one of the globs matches PLUGIN:NAME or NAME. */
bool mt_glob_matches_test(const char *glob, const struct mt_test_id *id);

#endif
