/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/audience.h"

#include "base/cleanup.h"
#include "cli/diagnostics.h"

void mt_audience_hear(void *data, const struct mt_event *event)
{
    struct mt_audience *audience = data;
    MT_AUTO_ERROR struct mt_error error = {0};

    if (!audience->journal_lost && mt_journal_write(&audience->journal, event, &error) < 0) {
        audience->journal_lost = true;
        mt_terminal_make_room(&audience->terminal);
        mt_diagnose("%s", mt_error_text(&error));
    }
    mt_results_add(&audience->results, event);
    mt_terminal_event(&audience->terminal, event);
}

void mt_audience_tell(struct mt_audience *audience, struct mt_event *event)
{
    mt_event_stamp(event);
    mt_audience_hear(audience, event);
}

void mt_audience_warn(void *data, const char *text)
{
    struct mt_event event = {.kind = MT_EVENT_WARNING, .message = text};
    struct mt_audience *audience = data;

    mt_terminal_make_room(&audience->terminal);
    mt_diagnose("%s", text);
    mt_audience_tell(audience, &event);
}
