/* SPDX-License-Identifier: Apache-2.0 */
/* Which tests the user selects, regardless of what this host can do. */
#ifndef MT_PLAN_SELECTION_H
#define MT_PLAN_SELECTION_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/test_id.h"
#include "base/text.h"

struct mt_history;

/* The name of the case that stands for the loading of a plugin. */
#define MT_LOAD_CASE "load"

struct mt_selection {
    struct mt_strings tests; /* globs on PLUGIN:NAME or NAME; none: all */
    struct mt_strings skips;
    struct mt_strings tags; /* globs, of which one must match a tag of the test; none: all */
    struct mt_strings skip_tags;
    const struct mt_history *failed; /* only tests that failed there; NULL: all */
    int64_t shard;                   /* from 1 */
    int64_t shards;                  /* 0: no shards */
    bool slow;
};

/* Whether name and tags match; `tags` is a JSON list, or NULL without tags. */
bool mt_selection_has(const struct mt_selection *selection, const struct mt_test_id *id,
                      const json_t *tags);

/* Whether a plugin that does not load may contain selected tests. */
bool mt_selection_has_plugin(const struct mt_selection *selection, const char *plugin);

/* Whether the test's last result selects it (--failed). */
bool mt_selection_runs_again(const struct mt_selection *selection, const struct mt_test_id *id);

/*
 * Whether the test belongs to this shard. The shard depends only on the test's name and the number
 * of shards, so that agents can share a run without talking to each other.
 */
bool mt_selection_is_here(const struct mt_selection *selection, const struct mt_test_id *id);

/* Whether one of the globs matches PLUGIN:NAME or NAME. */
bool mt_glob_matches_test(const char *glob, const struct mt_test_id *id);

#endif
