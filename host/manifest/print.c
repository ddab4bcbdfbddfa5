/* SPDX-License-Identifier: Apache-2.0 */
/* A manifest as this host would use it, as YAML that reads back to the same. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/cleanup.h"
#include "manifest/manifest.h"
#include "manifest/values.h"

struct printer {
    yaml_emitter_t emitter;
};

static void emit(struct printer *printer, yaml_event_t *event)
{
    if (!yaml_emitter_emit(&printer->emitter, event)) {
        abort();
    }
}

/* Text that is not `bare` gets quotes; other text too where YAML would take it for something else.
 */
static void scalar(struct printer *printer, const char *text, bool bare)
{
    yaml_event_t event;

    yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)(uintptr_t)text,
                                 (int)strlen(text), bare, 1, YAML_ANY_SCALAR_STYLE);
    emit(printer, &event);
}

static void value(struct printer *printer, const char *text)
{
    struct mt_yaml plain = {.kind = MT_YAML_SCALAR, .text = text};

    scalar(printer, text, !mt_yaml_is_null(&plain));
}

static void node_scalar(struct printer *printer, const struct mt_yaml *node)
{
    scalar(printer, mt_yaml_is_null(node) ? "null" : node->text, !node->quoted);
}

static void begin_mapping(struct printer *printer, bool block)
{
    yaml_event_t event;

    yaml_mapping_start_event_initialize(&event, NULL, NULL, 1,
                                        block ? YAML_BLOCK_MAPPING_STYLE : YAML_FLOW_MAPPING_STYLE);
    emit(printer, &event);
}

static void end_mapping(struct printer *printer)
{
    yaml_event_t event;

    yaml_mapping_end_event_initialize(&event);
    emit(printer, &event);
}

static void begin_list(struct printer *printer)
{
    yaml_event_t event;

    yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_FLOW_SEQUENCE_STYLE);
    emit(printer, &event);
}

static void end_list(struct printer *printer)
{
    yaml_event_t event;

    yaml_sequence_end_event_initialize(&event);
    emit(printer, &event);
}

static void text(struct printer *printer, const char *key, const char *shown)
{
    value(printer, key);
    value(printer, shown);
}

static void number(struct printer *printer, const char *key, int64_t value)
{
    MT_AUTO_FREE char *shown = mt_text("%" PRId64, value);

    text(printer, key, shown);
}

static void flag(struct printer *printer, const char *key, bool value)
{
    text(printer, key, value ? "true" : "false");
}

static void list(struct printer *printer, const char *key, const struct mt_strings *strings)
{
    value(printer, key);
    begin_list(printer);
    for (size_t i = 0; i < strings->count; i++) {
        value(printer, strings->items[i]);
    }
    end_list(printer);
}

/* In full: what is printed may be kept in another folder, where relative ones mean others. */
static void folders(struct printer *printer, const char *key, const struct mt_strings *paths)
{
    MT_AUTO_FREE char *here = get_current_dir_name();
    struct mt_strings full = {0};

    for (size_t i = 0; i < paths->count; i++) {
        bool relative = paths->items[i][0] != '/' && here != NULL;
        mt_strings_add(&full, "%s%s%s", relative ? here : "", relative ? "/" : "", paths->items[i]);
    }
    list(printer, key, &full);
    mt_strings_clear(&full);
}

static void tree(struct printer *printer, const struct mt_yaml *node)
{
    switch (node->kind) {
    case MT_YAML_SCALAR:
        node_scalar(printer, node);
        return;
    case MT_YAML_SEQUENCE:
        begin_list(printer);
        for (size_t i = 0; i < node->count; i++) {
            tree(printer, node->items[i]);
        }
        end_list(printer);
        return;
    case MT_YAML_MAPPING:
        begin_mapping(printer, false);
        for (size_t i = 0; i < node->count; i++) {
            node_scalar(printer, node->keys[i]);
            tree(printer, node->items[i]);
        }
        end_mapping(printer);
        return;
    }
}

static void optional_tree(struct printer *printer, const char *key, const struct mt_yaml *node)
{
    if (node != NULL) {
        value(printer, key);
        tree(printer, node);
    }
}

static void qemu(struct printer *printer, const char *key, const struct mt_manifest_qemu *side)
{
    value(printer, key);
    begin_mapping(printer, false);
    text(printer, "binary", side->binary);
    list(printer, "args", &side->args);
    value(printer, "env");
    begin_mapping(printer, false);
    for (size_t i = 0; i < side->env.count; i++) {
        const char *equals = strchr(side->env.items[i], '=');
        MT_AUTO_FREE char *name =
            mt_text("%.*s", (int)(equals - side->env.items[i]), side->env.items[i]);
        text(printer, name, equals + 1);
    }
    end_mapping(printer);
    end_mapping(printer);
}

static void plugins(struct printer *printer, const struct mt_manifest *manifest)
{
    value(printer, "plugins");
    begin_mapping(printer, true);
    for (size_t i = 0; i < manifest->plugin_count; i++) {
        const struct mt_manifest_plugin *plugin = &manifest->plugins[i];
        value(printer, plugin->name);
        begin_mapping(printer, false);
        flag(printer, "enabled", plugin->enabled);
        if (plugin->reason[0] != '\0') {
            text(printer, "reason", plugin->reason);
        }
        if (plugin->require.count > 0) {
            list(printer, "require", &plugin->require);
        }
        optional_tree(printer, "options", plugin->options);
        end_mapping(printer);
    }
    end_mapping(printer);
}

static void machine(struct printer *printer, const struct mt_manifest *manifest)
{
    text(printer, "machine", manifest->machine);
    list(printer, "accel", &manifest->accel);
    text(printer, "cpu", manifest->cpu);
    number(printer, "smp", manifest->smp);
    MT_AUTO_FREE char *ram = mt_size_text(manifest->ram);
    text(printer, "ram", ram);
    text(printer, "memory_backend", manifest->memory_backend);
    text(printer, "firmware", manifest->firmware);
    text(printer, "devices", manifest->devices);
    list(printer, "args", &manifest->args);
    text(printer, "network", manifest->network);
}

static void limits(struct printer *printer, const struct mt_manifest *manifest)
{
    const struct mt_allowance allowance = mt_manifest_limits(manifest, 0);
    MT_AUTO_FREE char *memory = mt_size_text(allowance.memory);
    MT_AUTO_FREE char *file_size = mt_size_text(allowance.file_size);

    value(printer, "limits");
    begin_mapping(printer, false);
    text(printer, "memory", memory);
    number(printer, "processes", allowance.processes);
    text(printer, "file_size", file_size);
    end_mapping(printer);
}

static void run(struct printer *printer, const struct mt_manifest *manifest)
{
    MT_AUTO_FREE char *timeout = mt_duration_text(manifest->timeout_ms);

    text(printer, "hold", manifest->hold ? "always" : "never");
    flag(printer, "slow", manifest->slow);
    text(printer, "timeout", timeout);
    if (manifest->jobs == 0) {
        text(printer, "jobs", "auto");
    } else {
        number(printer, "jobs", manifest->jobs);
    }
    text(printer, "flaky", manifest->flaky_forbidden ? "forbid" : "allow");
    if (manifest->max_skips >= 0) {
        number(printer, "max_skips", manifest->max_skips);
    }
    list(printer, "require", &manifest->require);
    list(printer, "assume", &manifest->assume);
    list(printer, "blind", &manifest->blind);
    optional_tree(printer, "not_kept", manifest->not_kept);
    optional_tree(printer, "quarantine", manifest->quarantine);
    limits(printer, manifest);
    folders(printer, "plugin_path", &manifest->plugin_path);
    text(printer, "results", manifest->results);
}

static void everything(struct printer *printer, const struct mt_manifest *manifest)
{
    begin_mapping(printer, true);
    number(printer, "version", 1);
    if (manifest->name[0] != '\0') {
        text(printer, "name", manifest->name);
    }
    value(printer, "qemu");
    begin_mapping(printer, true);
    qemu(printer, "source", &manifest->source);
    qemu(printer, "destination", &manifest->destination);
    end_mapping(printer);
    machine(printer, manifest);
    run(printer, manifest);
    plugins(printer, manifest);
    end_mapping(printer);
}

void mt_manifest_print(const struct mt_manifest *manifest, FILE *out)
{
    struct printer printer;
    yaml_event_t event;

    if (!yaml_emitter_initialize(&printer.emitter)) {
        abort();
    }
    yaml_emitter_set_output_file(&printer.emitter, out);
    yaml_emitter_set_unicode(&printer.emitter, 1);
    /* No folding of long lines: what is one line there stays one line here. */
    yaml_emitter_set_width(&printer.emitter, -1);
    yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING);
    emit(&printer, &event);
    yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1);
    emit(&printer, &event);
    everything(&printer, manifest);
    yaml_document_end_event_initialize(&event, 1);
    emit(&printer, &event);
    yaml_stream_end_event_initialize(&event);
    emit(&printer, &event);
    yaml_emitter_delete(&printer.emitter);
}
