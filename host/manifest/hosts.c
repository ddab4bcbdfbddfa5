/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/hosts.h"

#include <fnmatch.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/suggest.h"
#include "manifest/yaml_tree.h"

/*
 * `glob` is the text after "[". Returns the text after the "]" that closes the bracket; NULL: there
 * is none. A "]" directly after "[" or "[!" does not close the bracket.
 */
static const char *glob_skip_bracket(const char *glob)
{
    if (*glob == '!' || *glob == '^') {
        glob++;
    }
    if (*glob == ']') {
        glob++;
    }
    const char *end = strchr(glob, ']');
    return end != NULL ? end + 1 : NULL;
}

bool mt_glob_is_possible(const char *glob)
{
    while (glob != NULL && *glob != '\0') {
        if (*glob == '[') {
            glob = glob_skip_bracket(glob + 1);
        } else if (*glob == '\\') {
            glob = glob[1] != '\0' ? glob + 2 : NULL;
        } else {
            glob++;
        }
    }
    return glob != NULL;
}

static int hosts_check_match(const struct mt_yaml_file *file, const struct mt_yaml *entry,
                             const struct mt_yaml *match, struct mt_error *error)
{
    if (match == NULL) {
        static const char *const only[] = {"match", NULL};
        const char *near = NULL;
        for (size_t i = 0; i < entry->count && near == NULL; i++) {
            near = mt_suggest(entry->keys[i]->text, only);
        }
        return mt_yaml_fail(file, entry, error,
                            "an entry of hosts without match; expected a glob on the host's name%s",
                            near != NULL ? "; did you mean \"match\"?" : "");
    }
    if (match->kind != MT_YAML_SCALAR) {
        return mt_yaml_fail(file, match, error, "match is a %s; expected a glob on the host's name",
                            mt_yaml_kind_name(match));
    }
    if (mt_yaml_is_null(match) || match->text[0] == '\0') {
        return mt_yaml_fail(file, match, error,
                            "match is empty; expected a glob on the host's name");
    }
    if (!mt_glob_is_possible(match->text)) {
        return mt_yaml_fail(file, match, error,
                            "match is \"%.60s\"; expected a glob whose brackets are closed",
                            match->text);
    }
    return 0;
}

static int hosts_check_top_only(const struct mt_yaml_file *file, const struct mt_yaml *entry,
                                struct mt_error *error)
{
    for (size_t i = 0; i < entry->count; i++) {
        const char *key = entry->keys[i]->text;
        if (strcmp(key, "version") == 0 || strcmp(key, "hosts") == 0) {
            return mt_yaml_fail(file, entry->keys[i], error,
                                "%s inside an entry of hosts; expected it at the top only", key);
        }
    }
    return 0;
}

static struct mt_yaml *hosts_without_match(struct mt_yaml_file *file, const struct mt_yaml *entry)
{
    struct mt_yaml *rest = mt_yaml_new(file, MT_YAML_MAPPING, entry->count);

    rest->line = entry->line;
    rest->column = entry->column;
    for (size_t i = 0; i < entry->count; i++) {
        if (strcmp(entry->keys[i]->text, "match") != 0) {
            mt_yaml_append(rest, entry->keys[i], entry->items[i]);
        }
    }
    return rest;
}

static struct mt_yaml *hosts_mapping_of(struct mt_yaml_file *file, const char *name,
                                        struct mt_yaml *value)
{
    struct mt_yaml *mapping = mt_yaml_new(file, MT_YAML_MAPPING, 1);
    struct mt_yaml *key = mt_yaml_new(file, MT_YAML_SCALAR, 0);

    key->text = name;
    key->line = mapping->line = value->line;
    key->column = mapping->column = value->column;
    mt_yaml_append(mapping, key, value);
    return mapping;
}

/*
 * Makes "source: /opt/qemu" of the manifest a mapping, "source: {binary: /opt/qemu}", when an entry
 * has a mapping for the same side. Otherwise an entry that adds arguments would lose the binary.
 */
static struct mt_yaml *hosts_spell_out(struct mt_yaml_file *file, struct mt_yaml *tree,
                                       const struct mt_yaml *over, const char *side)
{
    struct mt_yaml *below = mt_yaml_get(mt_yaml_get(tree, "qemu"), side);
    const struct mt_yaml *above = mt_yaml_get(mt_yaml_get(over, "qemu"), side);

    if (below == NULL || above == NULL || below->kind != MT_YAML_SCALAR ||
        above->kind != MT_YAML_MAPPING) {
        return tree;
    }
    struct mt_yaml *longer = hosts_mapping_of(file, side, hosts_mapping_of(file, "binary", below));
    return mt_yaml_merge(file, tree, hosts_mapping_of(file, "qemu", longer));
}

static struct mt_yaml *hosts_apply_entry(struct mt_yaml_file *file, struct mt_yaml *tree,
                                         struct mt_yaml *over)
{
    tree = hosts_spell_out(file, tree, over, "source");
    tree = hosts_spell_out(file, tree, over, "destination");
    return mt_yaml_merge(file, tree, over);
}

int mt_manifest_apply_hosts(struct mt_yaml_file *file, const char *host,
                            int (*check)(const struct mt_yaml_file *file,
                                         const struct mt_yaml *part, struct mt_error *error),
                            struct mt_yaml **ret_tree, struct mt_error *error)
{
    const struct mt_yaml *hosts = mt_yaml_get(file->root, "hosts");
    struct mt_yaml *tree = file->root;

    if (hosts != NULL && (hosts->kind != MT_YAML_SEQUENCE || hosts->count > MT_HOSTS_LIMIT)) {
        return mt_yaml_fail(file, hosts, error,
                            "hosts is a %s; expected a list of at most %d entries",
                            mt_yaml_kind_name(hosts), MT_HOSTS_LIMIT);
    }
    for (size_t i = 0; hosts != NULL && i < hosts->count; i++) {
        const struct mt_yaml *entry = hosts->items[i];
        const struct mt_yaml *match = mt_yaml_get(entry, "match");
        if (entry->kind != MT_YAML_MAPPING) {
            return mt_yaml_fail(file, entry, error,
                                "an entry of hosts is a %s; expected a mapping with match",
                                mt_yaml_kind_name(entry));
        }
        struct mt_yaml *rest = hosts_without_match(file, entry);
        if (hosts_check_match(file, entry, match, error) < 0 ||
            hosts_check_top_only(file, rest, error) < 0 || check(file, rest, error) < 0) {
            return -1;
        }
        if (match != NULL && fnmatch(match->text, host, 0) == 0) {
            tree = hosts_apply_entry(file, tree, rest);
        }
    }
    *ret_tree = tree;
    return 0;
}
