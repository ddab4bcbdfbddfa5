/* SPDX-License-Identifier: Apache-2.0 */
/* What the survey knows of plugins, QEMUs and the machine, in the form that a job needs. */
#include "base/json.h"
#include "survey/survey.h"

struct mt_plugin_config mt_survey_plugin(const struct mt_surveyed_plugin *plugin)
{
    return (struct mt_plugin_config){
        .file = plugin->file,
        .identity = plugin->identity != NULL ? plugin->identity : "",
    };
}

static const char *const *items(const struct mt_strings *strings)
{
    return (const char *const *)strings->items;
}

struct mt_qemu_config mt_survey_qemu(const struct mt_surveyed_qemu *qemu)
{
    return (struct mt_qemu_config){
        .binary = qemu->binary,
        .args = items(&qemu->config->args),
        .environment = items(&qemu->config->env),
        .version = mt_json_find_text(qemu->abilities, "full_version"),
        .build_id = mt_json_find_text(qemu->abilities, "build_id"),
    };
}

struct mt_machine_config mt_survey_machine(const struct mt_survey *survey, const char *accel)
{
    const struct mt_manifest *manifest = survey->manifest;

    return (struct mt_machine_config){
        .type = survey->machine,
        .accel = accel,
        .cpu = manifest->cpu,
        .smp = manifest->smp,
        .ram = manifest->ram,
        .memory_backend = manifest->memory_backend,
        .firmware = manifest->firmware,
        .devices = manifest->devices,
        .args = items(&survey->machine_args),
    };
}

struct mt_limits mt_survey_limits(const struct mt_survey *survey, int64_t ram)
{
    const struct mt_allowance allowance = mt_manifest_limits(survey->manifest, ram);

    return (struct mt_limits){
        .memory = allowance.memory,
        .processes = allowance.processes,
        .file_size = allowance.file_size,
    };
}
