/* SPDX-License-Identifier: Apache-2.0 */
#include "report/shards.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "report/merge.h"

/* The limit of --shard. A journal may have any number. */
enum { MOST_SHARDS = 100000 };

static bool has_shard(const struct mt_results_list *list, const struct mt_results *results,
                      const char *shard)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct mt_results *other = &list->items[i];
        if (other->run.shard != NULL && strcmp(other->run.shard, shard) == 0 &&
            mt_results_have_same_manifest(other, results)) {
            return true;
        }
    }
    return false;
}

static void add_missing(const struct mt_results_list *list, const struct mt_results *results,
                        struct mt_strings *missing)
{
    const struct mt_event *run = &results->run;
    const char *name = run->name != NULL ? run->name : "";
    long long index;
    long long count;

    if (run->shard == NULL || sscanf(run->shard, "%lld/%lld", &index, &count) != 2 ||
        count > MOST_SHARDS) {
        return;
    }
    for (long long i = 1; i <= count; i++) {
        MT_AUTO_FREE char *shard = mt_text("%lld/%lld", i, count);
        MT_AUTO_FREE char *shown = mt_text("%s%s%s", shard, name[0] != '\0' ? " of " : "", name);
        if (!has_shard(list, results, shard) && !mt_strings_contain(missing, shown)) {
            mt_strings_add(missing, "%s", shown);
        }
    }
}

char *mt_shards_missing(const struct mt_results_list *list)
{
    struct mt_strings missing = {0};
    char *text = NULL;

    for (size_t i = 0; i < list->count; i++) {
        add_missing(list, &list->items[i], &missing);
    }
    for (size_t i = 0; i < missing.count; i++) {
        mt_text_append(&text, "%s%s", text != NULL ? ", " : "no journal is of shard ",
                       missing.items[i]);
    }
    mt_strings_clear(&missing);
    return text;
}
