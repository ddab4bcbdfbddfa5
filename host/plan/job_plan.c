/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/job_plan.h"

#include <string.h>

static json_t *list_of(const struct mt_strings *strings)
{
    json_t *list = json_array();

    for (size_t i = 0; i < strings->count; i++) {
        json_array_append_new(list, json_string(strings->items[i]));
    }
    return list;
}

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

/* In bytes; 0: what the manifest says. */
static int64_t wanted_ram(const struct mt_planned *test)
{
    return json_integer_value(json_object_get(test->description, "ram_mib")) << 20;
}

/*
 * The manifest's args may name a tap, a bridge or a server of the host's, and nothing but a trial
 * could tell. A test says by itself that it needs the host's network.
 */
static const char *network_of(const struct mt_manifest *manifest, const struct mt_planned *test)
{
    bool has_args = manifest->args.count > 0 || manifest->source.args.count > 0 ||
                    manifest->destination.args.count > 0;
    bool by_itself = json_is_true(json_object_get(test->description, "host_network"));

    if (by_itself || (has_args && strcmp(manifest->network, "auto") == 0)) {
        return "host";
    }
    return strcmp(manifest->network, "host") == 0 ? "host" : "private";
}

json_t *mt_job_plan(const struct mt_survey *survey, const struct mt_planned *test, int64_t attempt,
                    double patience)
{
    const struct mt_manifest *manifest = survey->manifest;
    const char *accel = test->wants_kvm ? "kvm" : survey->accel;

    return json_pack(
        "{s:s, s:o, s:s, s:s, s:I, s:f, s:o, s:o, s:o, s:b, s:o, s:o, s:s, s:O?, s:O?, s:o}", "job",
        "run", "plugin", mt_survey_plugin(test->plugin, wanted_ram(test)), "group", test->id.group,
        "test", test->id.test, "attempt", (json_int_t)attempt, "patience", patience, "source",
        mt_survey_qemu(&survey->source), "destination", mt_survey_qemu(&survey->destination),
        "machine", mt_survey_machine(survey, accel), "hold", manifest->hold, "blind",
        list_of(&manifest->blind), "not_kept", not_kept_of(manifest), "network",
        network_of(manifest, test), "reset", mt_survey_reset(survey, accel), "figures",
        json_object_get(survey->source.abilities, "figures"), "unusable_views",
        mt_survey_unusable_views(survey, accel));
}
