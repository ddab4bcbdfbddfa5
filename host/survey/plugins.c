/* SPDX-License-Identifier: Apache-2.0 */
/* Plugins: finds them by name, checks their files, and lets a worker describe them. */
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "jobs/job_fault.h"
#include "survey/plugin_path.h"
#include "survey/survey.h"
#include "survey/trust.h"

/* To load a plugin and list its tests takes milliseconds; but a constructor may hang. */
static const int64_t describe_timeout_ms = 10000;

/* More workers at once would be no faster, and hundreds would use up the descriptors. */
static const unsigned most_at_once = 16;

static void plugin_take_record(void *data, struct mt_record *record)
{
    struct mt_surveyed_plugin *plugin = data;

    if (record->kind == MT_RECORD_PLUGIN && plugin->descriptor == NULL) {
        plugin->descriptor = json_incref(record->value.json);
    } else if (record->kind == MT_RECORD_GROUP) {
        json_array_append(plugin->groups, record->value.json);
    } else {
        mt_job_facts_add(&plugin->facts, record);
    }
}

static void check_options(struct mt_surveyed_plugin *plugin)
{
    MT_AUTO_ERROR struct mt_error error = {0};

    if (plugin->entry != NULL && plugin->fault == NULL &&
        mt_manifest_options(plugin->survey->manifest, plugin->entry,
                            json_object_get(plugin->descriptor, "options"), &plugin->options,
                            &error) < 0) {
        plugin->fault = mt_text_copy(mt_error_text(&error));
        plugin->fault_in_manifest = true;
    }
}

static void plugin_described(void *data, const struct mt_worker *worker)
{
    struct mt_surveyed_plugin *plugin = data;
    MT_AUTO_FREE char *fault = mt_job_fault(&plugin->facts, worker->reader.foreign, NULL);

    plugin->pending = false;
    if (fault != NULL && plugin->facts.error != NULL && plugin->facts.signal == NULL) {
        plugin->fault = mt_text_copy(plugin->facts.error);
    } else if (fault != NULL) {
        plugin->fault = mt_text("while %s was loaded: %s", plugin->file, fault);
    } else if (plugin->descriptor == NULL) {
        plugin->fault = mt_text("%s did not describe itself", plugin->file);
    }
    check_options(plugin);
}

/* Checks the file and, if that is elsewhere, the folder with the link to the file. */
static int check_trust(const struct mt_surveyed_plugin *plugin, struct mt_error *error)
{
    const struct mt_survey *survey = plugin->survey;

    if (survey->insecure) {
        return 0;
    }
    if (mt_trust_check(plugin->file, survey->owner, error) < 0 ||
        (plugin->folder != NULL && mt_trust_check(plugin->folder, survey->owner, error) < 0)) {
        return mt_wrap(error, "%s is not loaded", plugin->file);
    }
    return 0;
}

static int look_at(struct mt_surveyed_plugin *plugin, struct mt_error *error)
{
    if (access(plugin->file, R_OK) < 0) {
        return mt_fail_errno(error, "cannot open the plugin %s", plugin->file);
    }
    if (check_trust(plugin, error) < 0) {
        return -1;
    }
    plugin->identity = mt_file_identity(plugin->file);
    return mt_elf_check_plugin(plugin->file, &plugin->note, error);
}

static void plugin_describe(struct mt_surveyed_plugin *plugin)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    const struct mt_worker_config config = {
        .data = plugin,
        .record = plugin_take_record,
        .done = plugin_described,
        .argument = plugin->file,
    };
    struct mt_job job = {
        .kind = MT_JOB_DESCRIBE,
        .timeout_ms = describe_timeout_ms,
        .limits = mt_survey_limits(plugin->survey, 0),
    };

    plugin->groups = json_array();
    if (look_at(plugin, &error) < 0) {
        plugin->fault = mt_text_copy(mt_error_text(&error));
        return;
    }
    job.describe.plugin = mt_survey_plugin(plugin);
    if (mt_worker_start(plugin->survey->workers, &config, &job, NULL, &error) < 0) {
        plugin->fault = mt_text_copy(mt_error_text(&error));
        return;
    }
    plugin->pending = true;
}

static void survey_entry(struct mt_surveyed_plugin *plugin)
{
    MT_AUTO_ERROR struct mt_error error = {0};

    if (mt_plugin_find(plugin->survey->folders, plugin->entry->name, &plugin->file, &plugin->folder,
                       &plugin->shadowed, &error) < 0) {
        plugin->fault = mt_text_copy(mt_error_text(&error));
        return;
    }
    plugin_describe(plugin);
}

static void wait_for_room(const struct mt_survey *survey)
{
    while (mt_workers_count(survey->workers) >= most_at_once &&
           uv_run(survey->workers->loop, UV_RUN_ONCE) != 0) {
    }
}

void mt_survey_plugins(struct mt_survey *survey)
{
    const struct mt_manifest *manifest = survey->manifest;

    survey->plugins = mt_alloc(manifest->plugin_count, sizeof(*survey->plugins));
    for (size_t i = 0; i < manifest->plugin_count; i++) {
        if (!manifest->plugins[i].enabled) {
            continue;
        }
        struct mt_surveyed_plugin *plugin = &survey->plugins[survey->plugin_count++];
        *plugin = (struct mt_surveyed_plugin){.survey = survey, .entry = &manifest->plugins[i]};
    }
    for (size_t i = 0; i < survey->plugin_count; i++) {
        wait_for_room(survey);
        survey_entry(&survey->plugins[i]);
    }
}

void mt_survey_file(struct mt_survey *survey, const char *file)
{
    survey->plugins = mt_alloc(1, sizeof(*survey->plugins));
    survey->plugin_count = 1;
    survey->plugins[0] = (struct mt_surveyed_plugin){.survey = survey};
    char *absolute = realpath(file, NULL);
    survey->plugins[0].file = absolute != NULL ? absolute : mt_text_copy(file);
    plugin_describe(&survey->plugins[0]);
}
