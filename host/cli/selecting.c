/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/selecting.h"

#include "base/cleanup.h"
#include "cli/diagnostics.h"
#include "journal/reader.h"

const char *mt_results_of(const struct mt_session *session, const struct mt_cli_options *options)
{
    return options->results != NULL ? options->results : session->manifest->results;
}

static int read_failed(const struct mt_session *session, const struct mt_cli_options *options,
                       struct mt_history *history)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    const char *results =
        options->failed[0] != '\0' ? options->failed : mt_results_of(session, options);
    MT_AUTO_FREE char *path = mt_journal_of(results);

    if (mt_history_read(path, history, &error) < 0) {
        mt_diagnose("--failed: it is not known what failed: %s", mt_error_text(&error));
        return MT_EXIT_USAGE;
    }
    return -1;
}

int mt_select(const struct mt_session *session, const struct mt_cli_options *options,
              struct mt_history *history, struct mt_selection *ret_selection)
{
    int status = options->failed != NULL ? read_failed(session, options, history) : -1;

    if (status < 0) {
        *ret_selection = (struct mt_selection){
            .tests = options->tests,
            .skips = options->skips,
            .tags = options->tags,
            .skip_tags = options->skip_tags,
            .failed = options->failed != NULL ? history : NULL,
            .shard = options->shard.index,
            .shards = options->shard.count,
            .slow = session->manifest->slow,
        };
    }
    return status;
}
