/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/selection.h"

#include <fnmatch.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/hash.h"
#include "plan/history.h"

bool mt_glob_matches_test(const char *glob, const struct mt_test_id *id)
{
    MT_AUTO_FREE char *name = mt_test_name(id);

    return fnmatch(glob, name, 0) == 0 || fnmatch(glob, id->test, 0) == 0;
}

static bool matches_test(const struct mt_strings *globs, const struct mt_test_id *id)
{
    for (size_t i = 0; i < globs->count; i++) {
        if (mt_glob_matches_test(globs->items[i], id)) {
            return true;
        }
    }
    return false;
}

static bool matches_tag(const struct mt_strings *globs, const json_t *tags)
{
    size_t index;
    json_t *tag;

    json_array_foreach (tags, index, tag) {
        for (size_t i = 0; i < globs->count; i++) {
            if (fnmatch(globs->items[i], json_string_value(tag), 0) == 0) {
                return true;
            }
        }
    }
    return false;
}

bool mt_selection_has(const struct mt_selection *selection, const struct mt_test_id *id,
                      const json_t *tags)
{
    return (selection->tests.count == 0 || matches_test(&selection->tests, id)) &&
           !matches_test(&selection->skips, id) &&
           (selection->tags.count == 0 || matches_tag(&selection->tags, tags)) &&
           !matches_tag(&selection->skip_tags, tags);
}

/* A glob that matches only some tests does not hide that a plugin could not be loaded. */
static bool skips_plugin(const struct mt_selection *selection, const char *plugin)
{
    MT_AUTO_FREE char *all = mt_text("%s:(each of its tests)", plugin);
    MT_AUTO_FREE char *load =
        mt_test_name(&(struct mt_test_id){.plugin = plugin, .test = MT_LOAD_CASE});

    for (size_t i = 0; i < selection->skips.count; i++) {
        const char *glob = selection->skips.items[i];
        if (fnmatch(glob, all, 0) == 0 || strcmp(glob, load) == 0) {
            return true;
        }
    }
    return false;
}

/*
 * The names of the plugin's tests are unknown, so each glob that is not for another plugin might
 * match them.
 */
bool mt_selection_has_plugin(const struct mt_selection *selection, const char *plugin)
{
    if (skips_plugin(selection, plugin)) {
        return false;
    }
    for (size_t i = 0; i < selection->tests.count; i++) {
        const char *glob = selection->tests.items[i];
        const char *colon = strchr(glob, ':');
        MT_AUTO_FREE char *prefix = mt_text("%.*s", colon != NULL ? (int)(colon - glob) : 0, glob);
        if (colon == NULL || fnmatch(prefix, plugin, 0) == 0) {
            return true;
        }
    }
    return selection->tests.count == 0;
}

bool mt_selection_runs_again(const struct mt_selection *selection, const struct mt_test_id *id)
{
    return selection->failed == NULL || mt_history_failed(selection->failed, id);
}

/*
 * Mixes the bits of a hash: the low bits of FNV-1a depend on the last letters only, so tests like
 * NAME/a and NAME/b would not spread.
 */
static uint64_t mixed(uint64_t value)
{
    value = (value ^ (value >> 33)) * 0xff51afd7ed558ccdU;
    value = (value ^ (value >> 33)) * 0xc4ceb9fe1a85ec53U;
    return value ^ (value >> 33);
}

bool mt_selection_is_here(const struct mt_selection *selection, const struct mt_test_id *id)
{
    if (selection->shards <= 1) {
        return true;
    }
    MT_AUTO_FREE char *name = mt_test_name(id);
    return mixed(mt_hash(name)) % (uint64_t)selection->shards == (uint64_t)selection->shard - 1;
}
