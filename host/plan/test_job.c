/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/test_job.h"

#include <string.h>

static json_t *not_kept_of(const struct mt_manifest *manifest)
{
    const struct mt_yaml *entries = manifest->not_kept;
    json_t *list = json_array();

    for (size_t i = 0; entries != NULL && i < entries->count; i++) {
        const struct mt_yaml *entry = entries->items[i];
        const struct mt_yaml *field = mt_yaml_get(entry, "field");
        const char *kind = field != NULL ? "field" : "subsection";
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "section",
                                              mt_yaml_get(entry, "section")->text, kind,
                                              mt_yaml_get(entry, kind)->text, "reason",
                                              mt_yaml_get(entry, "reason")->text));
    }
    return list;
}

/*
 * The manifest's arguments may name a tap, a bridge or a server of the host. Only a trial could
 * tell, so with arguments a test has the host's network. A test may also need that network by
 * itself.
 */
static bool has_private_network(const struct mt_manifest *manifest, const struct mt_planned *test)
{
    bool has_args = manifest->args.count > 0 || manifest->source.args.count > 0 ||
                    manifest->destination.args.count > 0;
    bool by_itself = json_is_true(json_object_get(test->description, "host_network"));

    if (by_itself || (has_args && strcmp(manifest->network, "auto") == 0)) {
        return false;
    }
    return strcmp(manifest->network, "host") != 0;
}

void mt_test_job_make(const struct mt_survey *survey, const struct mt_planned *test,
                      double patience, struct mt_job *ret_job)
{
    const struct mt_manifest *manifest = survey->manifest;
    const char *accel = test->needs_kvm ? "kvm" : survey->accel;
    int64_t ram_mib = json_integer_value(json_object_get(test->description, "ram_mib"));

    *ret_job = (struct mt_job){
        .kind = MT_JOB_RUN,
        .limits = mt_survey_limits(survey, ram_mib << 20),
        .run =
            {
                .plugin = mt_survey_plugin(test->plugin),
                .options = test->plugin->options,
                .group = test->id.group,
                .test = test->id.test,
                .patience = patience,
                .source = mt_survey_qemu(&survey->source),
                .destination = mt_survey_qemu(&survey->destination),
                .machine = mt_survey_machine(survey, accel),
                .hold = manifest->hold,
                .blind = (const char *const *)manifest->blind.items,
                .not_kept = not_kept_of(manifest),
                .reset = mt_survey_reset(survey, accel),
                .figures = json_object_get(survey->source.abilities, "figures"),
                .unusable_views = mt_survey_unusable_views(survey, accel),
                .private_network = has_private_network(manifest, test),
            },
    };
}

void mt_test_job_clear(struct mt_job *job)
{
    json_decref(job->run.not_kept);
    json_decref(job->run.unusable_views);
}
