/* SPDX-License-Identifier: Apache-2.0 */
/* Prints a manifest as this host uses it, as YAML that gives the same manifest when it is read. */
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/cleanup.h"
#include "manifest/keys.h"
#include "manifest/manifest.h"

static void print_event(yaml_emitter_t *emitter, yaml_event_t *event)
{
    if (!yaml_emitter_emit(emitter, event)) {
        abort();
    }
}

/* Text that is not `plain` gets quotes. Other text gets them where YAML needs them. */
static void print_scalar(yaml_emitter_t *emitter, const char *text, bool plain)
{
    yaml_event_t event;

    yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)(uintptr_t)text,
                                 (int)strlen(text), plain, 1, YAML_ANY_SCALAR_STYLE);
    print_event(emitter, &event);
}

static void print_text(yaml_emitter_t *emitter, const char *text)
{
    const struct mt_yaml node = {.kind = MT_YAML_SCALAR, .text = text};

    print_scalar(emitter, text, !mt_yaml_is_null(&node));
}

static void print_node(yaml_emitter_t *emitter, const struct mt_yaml *node)
{
    print_scalar(emitter, mt_yaml_is_null(node) ? "null" : node->text, !node->quoted);
}

static void print_mapping(yaml_emitter_t *emitter, const struct mt_key *keys, const void *target);

static void print_begin_mapping(yaml_emitter_t *emitter, bool block)
{
    yaml_event_t event;

    yaml_mapping_start_event_initialize(&event, NULL, NULL, 1,
                                        block ? YAML_BLOCK_MAPPING_STYLE : YAML_FLOW_MAPPING_STYLE);
    print_event(emitter, &event);
}

static void print_end_mapping(yaml_emitter_t *emitter)
{
    yaml_event_t event;

    yaml_mapping_end_event_initialize(&event);
    print_event(emitter, &event);
}

static void print_begin_list(yaml_emitter_t *emitter)
{
    yaml_event_t event;

    yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_FLOW_SEQUENCE_STYLE);
    print_event(emitter, &event);
}

static void print_end_list(yaml_emitter_t *emitter)
{
    yaml_event_t event;

    yaml_sequence_end_event_initialize(&event);
    print_event(emitter, &event);
}

static void print_list(yaml_emitter_t *emitter, const struct mt_strings *strings)
{
    print_begin_list(emitter);
    for (size_t i = 0; i < strings->count; i++) {
        print_text(emitter, strings->items[i]);
    }
    print_end_list(emitter);
}

/* In full, because the output may be kept in another folder, to which the paths are not relative.
 */
static void print_folders(yaml_emitter_t *emitter, const struct mt_strings *paths)
{
    MT_AUTO_FREE char *here = get_current_dir_name();
    struct mt_strings full = {0};

    for (size_t i = 0; i < paths->count; i++) {
        bool relative = paths->items[i][0] != '/' && here != NULL;
        mt_strings_add(&full, "%s%s%s", relative ? here : "", relative ? "/" : "", paths->items[i]);
    }
    print_list(emitter, &full);
    mt_strings_clear(&full);
}

static void print_env(yaml_emitter_t *emitter, const struct mt_strings *env)
{
    print_begin_mapping(emitter, false);
    for (size_t i = 0; i < env->count; i++) {
        const char *equals = strchr(env->items[i], '=');
        MT_AUTO_FREE char *name = mt_text("%.*s", (int)(equals - env->items[i]), env->items[i]);
        print_text(emitter, name);
        print_text(emitter, equals + 1);
    }
    print_end_mapping(emitter);
}

static void print_number(yaml_emitter_t *emitter, const struct mt_key *key, int64_t value)
{
    MT_AUTO_FREE char *text = mt_key_number_text(key, value);

    print_text(emitter, key->words != NULL && value == 0 ? key->words[0] : text);
}

static void print_tree(yaml_emitter_t *emitter, const struct mt_yaml *node)
{
    switch (node->kind) {
    case MT_YAML_SCALAR:
        print_node(emitter, node);
        return;
    case MT_YAML_SEQUENCE:
        print_begin_list(emitter);
        for (size_t i = 0; i < node->count; i++) {
            print_tree(emitter, node->items[i]);
        }
        print_end_list(emitter);
        return;
    case MT_YAML_MAPPING:
        print_begin_mapping(emitter, false);
        for (size_t i = 0; i < node->count; i++) {
            print_node(emitter, node->keys[i]);
            print_tree(emitter, node->items[i]);
        }
        print_end_mapping(emitter);
        return;
    }
}

static void print_plugins(yaml_emitter_t *emitter, const struct mt_key *key,
                          const struct mt_manifest *manifest)
{
    print_begin_mapping(emitter, true);
    for (size_t i = 0; i < manifest->plugin_count; i++) {
        print_text(emitter, manifest->plugins[i].name);
        print_mapping(emitter, key->keys, &manifest->plugins[i]);
    }
    print_end_mapping(emitter);
}

static bool print_is_set(const struct mt_key *key, const void *member)
{
    switch (key->type) {
    case MT_KEY_TEXT:
        return (*(const char *const *)member)[0] != '\0';
    case MT_KEY_INT:
        return key->words != NULL || *(const int64_t *)member >= key->minimum;
    case MT_KEY_ENTRIES:
    case MT_KEY_OPTIONS:
        return *(const struct mt_yaml *const *)member != NULL;
    case MT_KEY_HOSTS:
        return false;
    default:
        return true;
    }
}

static void print_value(yaml_emitter_t *emitter, const struct mt_key *key, const void *member)
{
    switch (key->type) {
    case MT_KEY_CONSTANT:
        print_text(emitter, key->fallback);
        return;
    case MT_KEY_TEXT:
    case MT_KEY_DATE:
        print_text(emitter, *(const char *const *)member);
        return;
    case MT_KEY_INT:
    case MT_KEY_SIZE:
    case MT_KEY_DURATION:
        print_number(emitter, key, *(const int64_t *)member);
        return;
    case MT_KEY_BOOL:
        print_text(emitter, *(const bool *)member ? "true" : "false");
        return;
    case MT_KEY_CHOICE:
        print_text(emitter, key->words[*(const bool *)member ? 0 : 1]);
        return;
    case MT_KEY_LIST:
    case MT_KEY_PREFERENCE:
        print_list(emitter, member);
        return;
    case MT_KEY_FOLDERS:
        print_folders(emitter, member);
        return;
    case MT_KEY_ENV:
        print_env(emitter, member);
        return;
    case MT_KEY_MAPPING:
    case MT_KEY_QEMU:
        print_mapping(emitter, key->keys, member);
        return;
    case MT_KEY_ENTRIES:
    case MT_KEY_OPTIONS:
        print_tree(emitter, *(const struct mt_yaml *const *)member);
        return;
    case MT_KEY_PLUGINS:
        print_plugins(emitter, key, member);
        return;
    case MT_KEY_HOSTS:
        return;
    }
}

static void print_mapping(yaml_emitter_t *emitter, const struct mt_key *keys, const void *target)
{
    /* Keys of mappings stand in lines of their own. Other mappings are one line. */
    print_begin_mapping(emitter, keys == mt_manifest_keys || keys[0].keys != NULL);
    for (const struct mt_key *key = keys; key->name != NULL; key++) {
        const void *member = (const char *)target + key->offset;
        if (print_is_set(key, member)) {
            print_text(emitter, key->name);
            print_value(emitter, key, member);
        }
    }
    print_end_mapping(emitter);
}

/* The manifest with the limits that apply where it names none. */
static struct mt_manifest print_with_limits(const struct mt_manifest *manifest)
{
    const struct mt_allowance allowance = mt_manifest_limits(manifest, 0);
    struct mt_manifest copy = *manifest;

    copy.memory_limit = allowance.memory;
    copy.process_limit = allowance.processes;
    copy.file_size_limit = allowance.file_size;
    return copy;
}

void mt_manifest_print(const struct mt_manifest *manifest, FILE *out)
{
    const struct mt_manifest complete = print_with_limits(manifest);
    yaml_emitter_t emitter;
    yaml_event_t event;

    if (!yaml_emitter_initialize(&emitter)) {
        abort();
    }
    yaml_emitter_set_output_file(&emitter, out);
    yaml_emitter_set_unicode(&emitter, 1);
    /* The emitter must not fold long lines. */
    yaml_emitter_set_width(&emitter, -1);
    yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING);
    print_event(&emitter, &event);
    yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1);
    print_event(&emitter, &event);
    print_mapping(&emitter, mt_manifest_keys, &complete);
    yaml_document_end_event_initialize(&event, 1);
    print_event(&emitter, &event);
    yaml_stream_end_event_initialize(&event);
    print_event(&emitter, &event);
    yaml_emitter_delete(&emitter);
}
