/* SPDX-License-Identifier: Apache-2.0 */
/* Prints a manifest as this host uses it, as YAML that gives the same manifest when it is read. */
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/cleanup.h"
#include "manifest/keys.h"
#include "manifest/manifest.h"

static void emit_event(yaml_emitter_t *emitter, yaml_event_t *event)
{
    if (!yaml_emitter_emit(emitter, event)) {
        abort();
    }
}

/* Text that is not `plain` gets quotes. Other text gets them where YAML needs them. */
static void emit_scalar(yaml_emitter_t *emitter, const char *text, bool plain)
{
    yaml_event_t event;

    yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)(uintptr_t)text,
                                 (int)strlen(text), plain, 1, YAML_ANY_SCALAR_STYLE);
    emit_event(emitter, &event);
}

static void emit_text(yaml_emitter_t *emitter, const char *text)
{
    const struct mt_yaml node = {.kind = MT_YAML_SCALAR, .text = text};

    emit_scalar(emitter, text, !mt_yaml_is_null(&node));
}

static void emit_node(yaml_emitter_t *emitter, const struct mt_yaml *node)
{
    emit_scalar(emitter, mt_yaml_is_null(node) ? "null" : node->text, !node->quoted);
}

static void emit_mapping(yaml_emitter_t *emitter, const struct mt_key *keys, const void *target);

static void emit_begin_mapping(yaml_emitter_t *emitter, bool block)
{
    yaml_event_t event;

    yaml_mapping_start_event_initialize(&event, NULL, NULL, 1,
                                        block ? YAML_BLOCK_MAPPING_STYLE : YAML_FLOW_MAPPING_STYLE);
    emit_event(emitter, &event);
}

static void emit_end_mapping(yaml_emitter_t *emitter)
{
    yaml_event_t event;

    yaml_mapping_end_event_initialize(&event);
    emit_event(emitter, &event);
}

static void emit_begin_list(yaml_emitter_t *emitter)
{
    yaml_event_t event;

    yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_FLOW_SEQUENCE_STYLE);
    emit_event(emitter, &event);
}

static void emit_end_list(yaml_emitter_t *emitter)
{
    yaml_event_t event;

    yaml_sequence_end_event_initialize(&event);
    emit_event(emitter, &event);
}

static void emit_list(yaml_emitter_t *emitter, const struct mt_strings *strings)
{
    emit_begin_list(emitter);
    for (size_t i = 0; i < strings->count; i++) {
        emit_text(emitter, strings->items[i]);
    }
    emit_end_list(emitter);
}

/* In full, because the output may be kept in another folder, to which the paths are not relative.
 */
static void emit_folders(yaml_emitter_t *emitter, const struct mt_strings *paths)
{
    MT_AUTO_FREE char *here = get_current_dir_name();
    struct mt_strings full = {0};

    for (size_t i = 0; i < paths->count; i++) {
        bool relative = paths->items[i][0] != '/' && here != NULL;
        mt_strings_add(&full, "%s%s%s", relative ? here : "", relative ? "/" : "", paths->items[i]);
    }
    emit_list(emitter, &full);
    mt_strings_clear(&full);
}

static void emit_env(yaml_emitter_t *emitter, const struct mt_strings *env)
{
    emit_begin_mapping(emitter, false);
    for (size_t i = 0; i < env->count; i++) {
        const char *equals = strchr(env->items[i], '=');
        MT_AUTO_FREE char *name = mt_text("%.*s", (int)(equals - env->items[i]), env->items[i]);
        emit_text(emitter, name);
        emit_text(emitter, equals + 1);
    }
    emit_end_mapping(emitter);
}

static void emit_number(yaml_emitter_t *emitter, const struct mt_key *key, int64_t value)
{
    MT_AUTO_FREE char *text = mt_key_number_text(key, value);

    emit_text(emitter, key->words != NULL && value == 0 ? key->words[0] : text);
}

static void emit_tree(yaml_emitter_t *emitter, const struct mt_yaml *node)
{
    switch (node->kind) {
    case MT_YAML_SCALAR:
        emit_node(emitter, node);
        return;
    case MT_YAML_SEQUENCE:
        emit_begin_list(emitter);
        for (size_t i = 0; i < node->count; i++) {
            emit_tree(emitter, node->items[i]);
        }
        emit_end_list(emitter);
        return;
    case MT_YAML_MAPPING:
        emit_begin_mapping(emitter, false);
        for (size_t i = 0; i < node->count; i++) {
            emit_node(emitter, node->keys[i]);
            emit_tree(emitter, node->items[i]);
        }
        emit_end_mapping(emitter);
        return;
    }
}

static void emit_plugins(yaml_emitter_t *emitter, const struct mt_key *key,
                         const struct mt_manifest *manifest)
{
    emit_begin_mapping(emitter, true);
    for (size_t i = 0; i < manifest->plugin_count; i++) {
        emit_text(emitter, manifest->plugins[i].name);
        emit_mapping(emitter, key->keys, &manifest->plugins[i]);
    }
    emit_end_mapping(emitter);
}

static bool key_is_set(const struct mt_key *key, const void *member)
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

static void emit_value(yaml_emitter_t *emitter, const struct mt_key *key, const void *member)
{
    switch (key->type) {
    case MT_KEY_CONSTANT:
        emit_text(emitter, key->fallback);
        return;
    case MT_KEY_TEXT:
    case MT_KEY_DATE:
        emit_text(emitter, *(const char *const *)member);
        return;
    case MT_KEY_INT:
    case MT_KEY_SIZE:
    case MT_KEY_DURATION:
        emit_number(emitter, key, *(const int64_t *)member);
        return;
    case MT_KEY_BOOL:
        emit_text(emitter, *(const bool *)member ? "true" : "false");
        return;
    case MT_KEY_CHOICE:
        emit_text(emitter, key->words[*(const bool *)member ? 0 : 1]);
        return;
    case MT_KEY_LIST:
    case MT_KEY_PREFERENCE:
        emit_list(emitter, member);
        return;
    case MT_KEY_FOLDERS:
        emit_folders(emitter, member);
        return;
    case MT_KEY_ENV:
        emit_env(emitter, member);
        return;
    case MT_KEY_MAPPING:
    case MT_KEY_QEMU:
        emit_mapping(emitter, key->keys, member);
        return;
    case MT_KEY_ENTRIES:
    case MT_KEY_OPTIONS:
        emit_tree(emitter, *(const struct mt_yaml *const *)member);
        return;
    case MT_KEY_PLUGINS:
        emit_plugins(emitter, key, member);
        return;
    case MT_KEY_HOSTS:
        return;
    }
}

static void emit_mapping(yaml_emitter_t *emitter, const struct mt_key *keys, const void *target)
{
    /* Keys of mappings stand in lines of their own. Other mappings are one line. */
    emit_begin_mapping(emitter, keys == mt_manifest_keys || keys[0].keys != NULL);
    for (const struct mt_key *key = keys; key->name != NULL; key++) {
        const void *member = (const char *)target + key->offset;
        if (key_is_set(key, member)) {
            emit_text(emitter, key->name);
            emit_value(emitter, key, member);
        }
    }
    emit_end_mapping(emitter);
}

/* The manifest with the limits that apply where it names none. */
static struct mt_manifest manifest_with_limits(const struct mt_manifest *manifest)
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
    const struct mt_manifest complete = manifest_with_limits(manifest);
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
    emit_event(&emitter, &event);
    yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1);
    emit_event(&emitter, &event);
    emit_mapping(&emitter, mt_manifest_keys, &complete);
    yaml_document_end_event_initialize(&event, 1);
    emit_event(&emitter, &event);
    yaml_stream_end_event_initialize(&event);
    emit_event(&emitter, &event);
    yaml_emitter_delete(&emitter);
}
