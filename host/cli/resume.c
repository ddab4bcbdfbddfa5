/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/resume.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/diagnostics.h"
#include "journal/reader.h"

struct reading {
    struct mt_results *results;
    struct mt_history *history;
};

static void resume_take_event(void *data, const struct mt_event *event)
{
    struct reading *reading = data;

    mt_results_add(reading->results, event);
    mt_history_add(reading->history, event);
}

static void count_unreadable(void *data, long line, const char *why)
{
    struct reading *reading = data;

    (void)line;
    (void)why;
    reading->history->unreadable++;
}

static const char *shown(const char *text)
{
    return text != NULL ? text : "none";
}

static int check_same(const char *what, const char *before, const char *now, const char *journal)
{
    if (strcmp(shown(before), shown(now)) == 0) {
        return -1;
    }
    mt_diagnose("--resume: the run in %s had %s %s, and now it is %s; expected the same", journal,
                what, shown(before), shown(now));
    return MT_EXIT_USAGE;
}

static int resume_check(const char *journal, const struct mt_event *before,
                        const struct mt_event *now)
{
    const struct {
        const char *what;
        const char *before;
        const char *now;
    } members[] = {
        {"host", before->host, now->host},
        {"manifest", before->manifest, now->manifest},
        {"source", before->source, now->source},
        {"source version", before->source_version, now->source_version},
        {"source build id", before->source_build_id, now->source_build_id},
        {"destination", before->destination, now->destination},
        {"destination version", before->destination_version, now->destination_version},
        {"destination build id", before->destination_build_id, now->destination_build_id},
        {"shard", before->shard, now->shard},
    };
    int status = -1;

    if (before->format == 0) {
        mt_diagnose("--resume: %s has no beginning of a run", journal);
        return MT_EXIT_USAGE;
    }
    for (size_t i = 0; status < 0 && i < sizeof(members) / sizeof(members[0]); i++) {
        status = check_same(members[i].what, members[i].before, members[i].now, journal);
    }
    return status;
}

int mt_resume(const char *journal, const struct mt_event *opening, struct mt_results *results,
              struct mt_history *history)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    struct reading reading = {results, history};
    const struct mt_journal_listener listener = {
        .data = &reading, .event = resume_take_event, .unreadable = count_unreadable};

    if (mt_journal_read(journal, &listener, &error) < 0) {
        mt_diagnose("--resume: there is no run to go on with: %s", mt_error_text(&error));
        return MT_EXIT_USAGE;
    }
    return resume_check(journal, &history->run, opening);
}

static int64_t count_over(const struct mt_history *history)
{
    int64_t count = 0;

    for (size_t i = 0; i < history->count; i++) {
        count += history->tests[i].left_out || history->tests[i].repetitions > 0;
    }
    return count;
}

/* What the earlier run planned and did is not reported again. */
static void seed_live(struct mt_live *live, const struct mt_history *history)
{
    size_t rounds = live->rounds > 0 ? live->rounds : 1;

    for (size_t i = 0; i < history->count; i++) {
        const struct mt_test_state *test = &history->tests[i];
        live->planned += test->planned;
        live->through += test->left_out ? rounds : (size_t)test->repetitions;
        live->bad += test->failures;
    }
}

static bool is_enabled(const struct mt_manifest *manifest, const char *plugin)
{
    for (size_t i = 0; i < manifest->plugin_count; i++) {
        if (strcmp(manifest->plugins[i].name, plugin) == 0) {
            return manifest->plugins[i].enabled;
        }
    }
    return false;
}

/* Otherwise these tests would never get a result, and the run could not pass any more. */
static void tell_disabled(struct mt_audience *audience, const struct mt_manifest *manifest)
{
    for (size_t i = 0; i < audience->results.case_count; i++) {
        const struct mt_case *test = &audience->results.cases[i];
        if (mt_case_has_result(test) || is_enabled(manifest, test->id.plugin)) {
            continue;
        }
        struct mt_event event = {
            .kind = MT_EVENT_SKIPPED,
            .id = test->id,
            .outcome = "skipped",
            .reason = MT_REASON_DISABLED,
            .message = "the manifest does not enable its plugin any more",
        };
        mt_audience_tell(audience, &event);
    }
}

void mt_tell_resumed(struct mt_audience *audience, const struct mt_event *opening,
                     const struct mt_history *history, const struct mt_manifest *manifest)
{
    struct mt_event event = {
        .kind = MT_EVENT_RUN_RESUMED,
        .host = opening->host,
        .version = opening->version,
        .jobs = opening->jobs,
        .count = count_over(history),
    };

    seed_live(&audience->terminal.live, history);
    mt_audience_tell(audience, &event);
    if (history->unreadable > 0) {
        MT_AUTO_FREE char *text = mt_text(
            "%u lines of the journal cannot be read and are passed over", history->unreadable);
        mt_audience_warn(audience, text);
    }
    tell_disabled(audience, manifest);
}
