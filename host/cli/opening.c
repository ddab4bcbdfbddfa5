/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/opening.h"
#include "base/json.h"

#include <pwd.h>
#include <unistd.h>

static const char *opening_version(const struct mt_surveyed_qemu *qemu)
{
    return mt_json_find_text(qemu->abilities, "full_version");
}

static const char *opening_build_id(const struct mt_surveyed_qemu *qemu)
{
    const char *build_id = mt_json_find_text(qemu->abilities, "build_id");

    return build_id != NULL || qemu->abilities == NULL ? build_id : "unknown";
}

static const char *opening_path(const struct mt_surveyed_qemu *qemu)
{
    return qemu->binary != NULL ? qemu->binary : qemu->config->binary;
}

struct mt_event mt_opening_event(const struct mt_session *session,
                                 const struct mt_cli_options *options, unsigned slots)
{
    const struct mt_survey *survey = &session->survey;
    const struct passwd *user = getpwuid(geteuid());
    return (struct mt_event){
        .kind = MT_EVENT_RUN_STARTED,
        .format = MT_JOURNAL_FORMAT,
        .name = session->manifest->name[0] != '\0' ? session->manifest->name : NULL,
        .host = options->host,
        .user = user != NULL ? user->pw_name : NULL,
        .version = MT_VERSION,
        .manifest = session->manifest->file.name,
        .source = opening_path(&survey->source),
        .source_version = opening_version(&survey->source),
        .source_build_id = opening_build_id(&survey->source),
        .destination = opening_path(&survey->destination),
        .destination_version = opening_version(&survey->destination),
        .destination_build_id = opening_build_id(&survey->destination),
        .accel = survey->accel,
        .machine = survey->machine,
        .jobs = slots,
        .seed = options->seed,
        .shard = options->shard.text,
    };
}

static void tell_plugins(struct mt_audience *audience, const struct mt_session *session)
{
    const struct mt_manifest *manifest = session->manifest;

    for (size_t i = 0; i < manifest->plugin_count; i++) {
        const struct mt_manifest_plugin *plugin = &manifest->plugins[i];
        if (!plugin->enabled) {
            struct mt_event event = {
                .kind = MT_EVENT_PLUGIN_DISABLED,
                .id.plugin = plugin->name,
                .message = plugin->reason[0] != '\0' ? plugin->reason : "disabled by the manifest"};
            mt_audience_tell(audience, &event);
        }
    }
    for (size_t i = 0; i < session->survey.plugin_count; i++) {
        const struct mt_surveyed_plugin *plugin = &session->survey.plugins[i];
        if (plugin->fault == NULL) {
            struct mt_event event = {.kind = MT_EVENT_PLUGIN,
                                     .id.plugin = plugin->entry->name,
                                     .file = plugin->file,
                                     .version = mt_json_find_text(plugin->descriptor, "version"),
                                     .vendor = mt_json_find_text(plugin->descriptor, "vendor")};
            mt_audience_tell(audience, &event);
        }
    }
    mt_session_warn_shadowed(session, mt_audience_warn, audience);
}

static void tell_not_selected(struct mt_audience *audience, const struct mt_plan_list *plan)
{
    struct mt_event event = {.kind = MT_EVENT_NOT_SELECTED, .count = (int64_t)plan->not_selected};

    if (plan->not_selected > 0) {
        mt_audience_tell(audience, &event);
    }
}

void mt_tell_opening(struct mt_audience *audience, const struct mt_session *session,
                     const struct mt_event *opening, const struct mt_plan_list *plan)
{
    struct mt_event event = *opening;

    mt_audience_tell(audience, &event);
    tell_plugins(audience, session);
    tell_not_selected(audience, plan);
}
