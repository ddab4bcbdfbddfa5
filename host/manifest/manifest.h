/* SPDX-License-Identifier: Apache-2.0 */
/* A manifest as it applies on one host, with the changes of the matching entries of `hosts`. */
#ifndef MT_MANIFEST_MANIFEST_H
#define MT_MANIFEST_MANIFEST_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "base/text.h"
#include "manifest/yaml.h"

struct mt_manifest_qemu {
    const char *binary;
    const struct mt_yaml *place; /* of the binary in the file; NULL: not in the file */
    struct mt_strings args;
    const struct mt_yaml *args_node; /* of args in the file; NULL: not in the file */
    struct mt_strings env;           /* "NAME=VALUE" */
};

struct mt_manifest_plugin {
    const char *name;
    bool enabled;
    const char *reason; /* why it is disabled; "" */
    /* Like `require` of the manifest, but for this plugin's tests only. Both lists apply. */
    struct mt_strings require;
    const struct mt_yaml *options; /* a mapping, or NULL */
    const struct mt_yaml *place;
};

struct mt_manifest {
    struct mt_yaml_file file; /* owns the texts below; defaults are constants */
    const char *name;         /* "": none */
    struct mt_manifest_qemu source;
    struct mt_manifest_qemu destination;
    const char *machine;
    struct mt_strings accel; /* "auto" alone, or in order of preference */
    const char *cpu;
    int64_t smp;
    int64_t ram; /* bytes */
    const char *memory_backend;
    const char *firmware;
    const char *devices;
    struct mt_strings args;
    const struct mt_yaml *args_node; /* as in struct mt_manifest_qemu */
    const char *network;             /* "auto", "private" or "host" */
    bool hold;
    bool slow;
    int64_t timeout_ms;
    int64_t jobs; /* 0: auto */
    bool flaky_allowed;
    int64_t max_skips; /* -1: no limit */
    struct mt_strings require;
    struct mt_strings assume;
    struct mt_strings blind;
    const struct mt_yaml *not_kept; /* valid entries; NULL: none */
    const struct mt_yaml *quarantine;
    int64_t memory_limit; /* bytes; 0: by the size of RAM */
    int64_t process_limit;
    int64_t file_size_limit;
    struct mt_strings plugin_path; /* absolute, or relative to the current folder */
    const char *results;
    struct mt_manifest_plugin *plugins;
    size_t plugin_count;
};

/*
 * Reads a manifest as it applies on a host. A `path` of NULL is the built-in manifest. The error
 * names file, line and column.
 */
int mt_manifest_load(const char *path, const char *host, struct mt_manifest **ret_manifest,
                     struct mt_error *error);
void mt_manifest_destroy(struct mt_manifest *manifest);

/*
 * The values of all options of a plugin: from the manifest, or the default. `declared` are the
 * "options" of the plugin's describe record. The caller frees the result.
 */
int mt_manifest_options(const struct mt_manifest *manifest, const struct mt_manifest_plugin *plugin,
                        const json_t *declared, json_t **ret_values, struct mt_error *error);

/* The most that a worker and its QEMUs may use: bytes of memory, processes, bytes of a file. */
struct mt_allowance {
    int64_t memory;
    int64_t processes;
    int64_t file_size;
};

/*
 * The limits for a test. A `manifest` of NULL is the built-in manifest. `guest_ram` is the RAM of
 * the test's own guest in bytes; 0: the test uses the manifest's size.
 */
struct mt_allowance mt_manifest_limits(const struct mt_manifest *manifest, int64_t guest_ram);

/* Prints all values that apply on this host, with the defaults, as YAML. */
void mt_manifest_print(const struct mt_manifest *manifest, FILE *out);

#endif
