/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/entries.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "manifest/manifest.h"

/* A list of mappings with just these keys, all of them texts and none missing. */
static int check_entries(const struct mt_value_reader *reader, const struct mt_key *key,
                         const struct mt_yaml *node, const struct mt_key *keys, size_t count)
{
    if (node->kind != MT_YAML_SEQUENCE) {
        return mt_yaml_fail(reader->file, node, reader->error, "%s is a %s; expected a list",
                            key->name, mt_yaml_kind_name(node));
    }
    for (size_t i = 0; i < node->count; i++) {
        const char *texts[8] = {0};
        if (mt_read_mapping(reader, node->items[i], key->name, keys, texts) < 0) {
            return -1;
        }
        for (size_t j = 0; j < count; j++) {
            if (texts[j] == NULL) {
                return mt_yaml_fail(reader->file, node->items[i], reader->error,
                                    "an entry of %s without %s; expected one", key->name,
                                    keys[j].name);
            }
        }
    }
    return 0;
}

#define TEXT(name, index)                                                                          \
    {                                                                                              \
        name, mt_read_string, (index) * sizeof(char *), 0, 0, NULL                                 \
    }

enum { NOT_KEPT_NEEDED = 2 };
static const struct mt_key not_kept_keys[] = {TEXT("section", 0),
                                              TEXT("reason", 1),
                                              TEXT("field", 2),
                                              TEXT("subsection", 3),
                                              {NULL, NULL, 0, 0, 0, NULL}};

/* What differs is a field or a subsection: no entry is for both, or for all of a section. */
static int check_not_kept(const struct mt_value_reader *reader, const struct mt_yaml *entry)
{
    const struct mt_yaml *field = mt_yaml_get(entry, "field");
    const struct mt_yaml *subsection = mt_yaml_get(entry, "subsection");

    if (field == NULL && subsection == NULL) {
        return mt_yaml_fail(reader->file, entry, reader->error,
                            "an entry of not_kept without field or subsection; expected one of "
                            "them");
    }
    if (field != NULL && subsection != NULL) {
        return mt_yaml_fail(reader->file, subsection, reader->error,
                            "an entry of not_kept with both field and subsection; expected one of "
                            "them");
    }
    return 0;
}

int mt_read_not_kept(const struct mt_value_reader *reader, const struct mt_key *key,
                     const struct mt_yaml *node, void *target)
{
    *(const struct mt_yaml **)((char *)target + key->offset) = node;
    if (check_entries(reader, key, node, not_kept_keys, NOT_KEPT_NEEDED) < 0) {
        return -1;
    }
    for (size_t i = 0; i < node->count; i++) {
        if (check_not_kept(reader, node->items[i]) < 0) {
            return -1;
        }
    }
    return 0;
}

static bool is_date(const char *text)
{
    static const char form[] = "dddd-dd-dd";
    struct tm date = {0};

    for (size_t i = 0; i < sizeof(form); i++) {
        bool fits = form[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == form[i];
        if (!fits) {
            return false;
        }
    }
    if (strptime(text, "%Y-%m-%d", &date) == NULL) {
        return false;
    }
    /* 31 February becomes a day of March. */
    struct tm real = date;
    return timegm(&real) != -1 && real.tm_mday == date.tm_mday;
}

static int read_date(const struct mt_value_reader *reader, const struct mt_key *key,
                     const struct mt_yaml *node, void *target)
{
    if (node->kind == MT_YAML_SCALAR && !is_date(node->text)) {
        return mt_yaml_fail(reader->file, node, reader->error,
                            "%s is \"%.60s\"; expected a date such as 2027-03-01", key->name,
                            node->text);
    }
    return mt_read_string(reader, key, node, target);
}

static const struct mt_key quarantine_keys[] = {
    TEXT("test", 0),
    TEXT("reason", 1),
    {"until", read_date, 2 * sizeof(char *), 0, 0, NULL},
    {NULL, NULL, 0, 0, 0, NULL}};

int mt_read_quarantine(const struct mt_value_reader *reader, const struct mt_key *key,
                       const struct mt_yaml *node, void *target)
{
    *(const struct mt_yaml **)((char *)target + key->offset) = node;
    return check_entries(reader, key, node, quarantine_keys, 3);
}

#define AT(member) offsetof(struct mt_manifest, member)

static const struct mt_key limits_keys[] = {
    {"memory", mt_read_size, AT(memory_limit), 1 << 20, (int64_t)1 << 50, NULL},
    {"processes", mt_read_int, AT(process_limit), 1, 1 << 20, NULL},
    {"file_size", mt_read_size, AT(file_size_limit), 1, (int64_t)1 << 50, NULL},
    {NULL, NULL, 0, 0, 0, NULL}};

int mt_read_limits(const struct mt_value_reader *reader, const struct mt_key *key,
                   const struct mt_yaml *node, void *target)
{
    (void)key;
    return mt_read_mapping(reader, node, "limits (memory, processes, file_size)", limits_keys,
                           target);
}

const struct mt_key *mt_manifest_entry_keys(const char *name)
{
    if (strcmp(name, "not_kept") == 0) {
        return not_kept_keys;
    }
    if (strcmp(name, "quarantine") == 0) {
        return quarantine_keys;
    }
    return strcmp(name, "limits") == 0 ? limits_keys : NULL;
}
