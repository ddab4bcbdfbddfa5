/* SPDX-License-Identifier: Apache-2.0 */
#include "report/terminal.h"

#include <string.h>

#include "base/clean.h"
#include "base/cleanup.h"
#include "report/lines.h"

/* `event` is skipped or finished. */
static void print_end(const struct mt_terminal *terminal, const struct mt_event *event)
{
    enum mt_outcome outcome = mt_event_outcome(event);

    if (mt_event_is_bad(event) && event->final == 0) {
        mt_print_test(terminal, "TRY AGAIN", event->seconds, &event->id);
        return;
    }
    mt_print_outcome(terminal, outcome, event->seconds, &event->id);
    if (outcome == MT_OUTCOME_SKIPPED) {
        mt_print_indented(terminal, event->message != NULL ? event->message : "");
    }
}

static void print_calibrated(const struct mt_terminal *terminal, const struct mt_event *event)
{
    mt_print_word(terminal, "LIMITS", "");
    fprintf(terminal->out, "[ x %6s] of the reference machine's time: %s\n", event->value,
            event->message);
}

static void print_disabled(const struct mt_terminal *terminal, const struct mt_event *event)
{
    MT_AUTO_FREE char *text = mt_text("plugin %s: %s", event->id.plugin, event->message);
    MT_AUTO_FREE char *clean = mt_clean_line(text);

    mt_print_word(terminal, "DISABLED", "\x1b[33m");
    fprintf(terminal->out, "%s\n", clean);
}

static void print_slow(const struct mt_terminal *terminal, const struct mt_event *event)
{
    mt_print_test(terminal, "SLOW", (double)event->ms / 1000, &event->id);
    if (event->message != NULL) {
        mt_print_indented(terminal, event->message);
    }
}

static void print_note(const struct mt_terminal *terminal, const struct mt_event *event)
{
    MT_AUTO_FREE char *line = mt_text("%s: %s: %s", event->id.test, event->key, event->value);

    mt_print_indented(terminal, line);
}

static void print_waiting(const struct mt_terminal *terminal, const struct mt_event *event)
{
    MT_AUTO_FREE char *line =
        mt_text("%s: waiting for %s (%s)", event->id.test, event->what, event->side);

    mt_print_indented(terminal, line);
}

/* What -v shows while a run goes on. */
static void print_event(const struct mt_terminal *terminal, const struct mt_event *event)
{
    switch (event->kind) {
    case MT_EVENT_RUN_STARTED:
        if (event->seed != 0) {
            mt_print_word(terminal, "SHUFFLED", "");
            fprintf(terminal->out, "[         ] by seed %lld\n", (long long)event->seed);
        }
        break;
    case MT_EVENT_CALIBRATED:
        print_calibrated(terminal, event);
        break;
    case MT_EVENT_SLOW:
        print_slow(terminal, event);
        break;
    case MT_EVENT_PLUGIN_DISABLED:
        print_disabled(terminal, event);
        break;
    case MT_EVENT_SKIPPED:
    case MT_EVENT_FINISHED:
        print_end(terminal, event);
        break;
    case MT_EVENT_NOTE:
        print_note(terminal, event);
        break;
    case MT_EVENT_WAITING:
        print_waiting(terminal, event);
        break;
    default:
        break;
    }
}

static bool is_shown(const struct mt_terminal *terminal, const struct mt_event *event)
{
    if (event->kind == MT_EVENT_NOTE || event->kind == MT_EVENT_WAITING) {
        return terminal->verbose;
    }
    return !terminal->quiet;
}

void mt_terminal_event(struct mt_terminal *terminal, const struct mt_event *event)
{
    mt_live_event(&terminal->live, event);
    if (is_shown(terminal, event)) {
        mt_live_erase(&terminal->live, terminal->out);
        print_event(terminal, event);
        fflush(terminal->out);
    }
    mt_live_draw(&terminal->live, terminal->out);
}

void mt_terminal_tick(struct mt_terminal *terminal)
{
    mt_live_draw(&terminal->live, terminal->out);
}

void mt_terminal_make_room(struct mt_terminal *terminal)
{
    mt_live_erase(&terminal->live, terminal->out);
}
