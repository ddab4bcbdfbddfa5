/* SPDX-License-Identifier: Apache-2.0 */
/* What a run is to do on this host: the manifest with what its hosts entries change. */
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
    const struct mt_yaml *place; /* where the binary is named; NULL: nowhere */
    struct mt_strings args;
    const struct mt_yaml *args_node; /* where they stand; NULL: nowhere */
    struct mt_strings env;           /* "NAME=VALUE" */
};

struct mt_manifest_plugin {
    const char *name;
    bool enabled;
    const char *reason; /* why it is disabled; "" */
    /* As `require`, for this plugin's tests alone: a lack named by either is a failure. */
    struct mt_strings require;
    const struct mt_yaml *options; /* a mapping, or NULL */
    const struct mt_yaml *place;
};

struct mt_manifest {
    struct mt_yaml_file file; /* owns every plain string below */
    const char *name;         /* "" where it has none */
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
    const struct mt_yaml *args_node; /* the same */
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
    const struct mt_yaml *not_kept; /* checked in form; NULL where absent */
    const struct mt_yaml *quarantine;
    int64_t memory_limit; /* bytes; 0: by the size of RAM */
    int64_t process_limit;
    int64_t file_size_limit;
    struct mt_strings plugin_path; /* absolute, or relative to where migtest was started */
    const char *results;
    struct mt_manifest_plugin *plugins;
    size_t plugin_count;
};

/*
 * Reads a manifest (NULL: the one that is built in) as the host of that name sees it. The error is
 * a sentence with file, line and column.
 */
int mt_manifest_load(const char *path, const char *host, struct mt_manifest **ret_manifest,
                     struct mt_error *error);
void mt_manifest_destroy(struct mt_manifest *manifest);

/*
 * The values of a plugin's options, defaults filled in, by what the plugin declares (the "options"
 * of its describe record). The result is the caller's.
 */
int mt_manifest_options(const struct mt_manifest *manifest, const struct mt_manifest_plugin *plugin,
                        const json_t *declared, json_t **ret_values, struct mt_error *error);

/* What a worker and its QEMUs may take; NULL: of the manifest that is built in. */
struct mt_allowance {
    int64_t memory;
    int64_t processes;
    int64_t file_size;
};

/* Of a test that wants so much RAM for its guest, in bytes; 0: as the manifest says. */
struct mt_allowance mt_manifest_limits(const struct mt_manifest *manifest, int64_t wanted_ram);

/* As YAML, everything that this host would use, defaults included. */
void mt_manifest_print(const struct mt_manifest *manifest, FILE *out);

#endif
