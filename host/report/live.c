/* SPDX-License-Identifier: Apache-2.0 */
#include "report/live.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/clean.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "journal/test_state.h"

static char *live_name_of(const struct mt_event *event)
{
    MT_AUTO_FREE char *name = mt_test_name(&event->id);
    MT_AUTO_FREE char *clean = mt_clean_line(name);

    return event->repeat > 0 ? mt_text("%s #%lld", clean, (long long)event->repeat)
                             : mt_text_copy(clean);
}

static struct mt_live_test *find(struct mt_live *live, const struct mt_event *event)
{
    MT_AUTO_FREE char *name = live_name_of(event);

    for (size_t i = 0; i < live->count; i++) {
        if (strcmp(live->running[i].name, name) == 0) {
            return &live->running[i];
        }
    }
    return NULL;
}

static void live_add(struct mt_live *live, const struct mt_event *event)
{
    live->running = mt_realloc(live->running, live->count + 1, sizeof(*live->running));
    live->running[live->count++] = (struct mt_live_test){
        .name = live_name_of(event), .attempt = event->attempt, .started = event->time};
}

static void clear_test(struct mt_live_test *test)
{
    free(test->name);
    free(test->waiting);
}

static void take_away(struct mt_live *live, const struct mt_event *event)
{
    struct mt_live_test *test = find(live, event);

    if (test != NULL) {
        clear_test(test);
        size_t index = (size_t)(test - live->running);
        memmove(test, test + 1, (live->count - index - 1) * sizeof(*test));
        live->count--;
    }
}

static void set_waiting(struct mt_live *live, const struct mt_event *event)
{
    struct mt_live_test *test = find(live, event);

    if (test != NULL) {
        MT_AUTO_FREE char *waiting = mt_text("%s (%s)", event->what, event->side);
        free(test->waiting);
        test->waiting = mt_clean_line(waiting);
    }
}

static size_t rounds_of(const struct mt_live *live)
{
    return live->rounds > 0 ? live->rounds : 1;
}

static void count_ended(struct mt_live *live, const struct mt_event *event)
{
    if (mt_event_leaves_test_out(event)) {
        live->through += rounds_of(live);
    } else {
        live->through += event->final != 0;
    }
    live->bad += event->final != 0 && mt_outcome_fails_run(mt_event_outcome(event));
}

void mt_live_event(struct mt_live *live, const struct mt_event *event)
{
    switch (event->kind) {
    case MT_EVENT_RUN_STARTED:
    case MT_EVENT_RUN_RESUMED:
        live->started = event->time;
        break;
    case MT_EVENT_PLANNED:
        live->planned++;
        break;
    case MT_EVENT_STARTED:
        live_add(live, event);
        break;
    case MT_EVENT_WAITING:
        set_waiting(live, event);
        break;
    case MT_EVENT_SKIPPED:
        count_ended(live, event);
        break;
    case MT_EVENT_FINISHED:
        take_away(live, event);
        count_ended(live, event);
        break;
    default:
        break;
    }
}

static void put_test(FILE *out, const struct mt_live_test *test, double now)
{
    fprintf(out, " | %s %.0fs", test->name, now > test->started ? now - test->started : 0.0);
    if (test->attempt > 1) {
        fprintf(out, ", attempt %lld", (long long)test->attempt);
    }
    if (test->waiting != NULL) {
        fprintf(out, ": %s", test->waiting);
    }
}

/* Counts characters, not bytes, and cuts no character in half. */
static void cut(char *text, size_t columns)
{
    size_t count = 0;

    for (char *at = text; *at != '\0'; at++) {
        bool begins = ((unsigned char)*at & 0xc0) != 0x80;
        count += begins;
        if (begins && count > columns) {
            *at = '\0';
            return;
        }
    }
}

char *mt_live_text(const struct mt_live *live, double now, size_t columns)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    fprintf(out, "%12s [%8.0fs] %zu", "Running", now > live->started ? now - live->started : 0.0,
            live->through);
    if (!live->endless) {
        fprintf(out, "/%zu", live->planned * rounds_of(live));
    }
    if (live->bad > 0) {
        fprintf(out, ", %zu went wrong", live->bad);
    }
    for (size_t i = 0; i < live->count; i++) {
        put_test(out, &live->running[i], now);
    }
    fclose(out);
    cut(text, columns);
    return text;
}

static size_t columns_of(FILE *out)
{
    struct winsize size;

    return ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1U : 79;
}

void mt_live_erase(struct mt_live *live, FILE *out)
{
    if (live->drawn) {
        fputs("\r\x1b[K", out);
        fflush(out);
        live->drawn = false;
    }
}

void mt_live_draw(struct mt_live *live, FILE *out)
{
    struct mt_event now = {0};

    if (!live->on || live->planned == 0) {
        return;
    }
    mt_event_stamp(&now);
    MT_AUTO_FREE char *text = mt_live_text(live, now.time, columns_of(out));
    fprintf(out, "\r%s\x1b[K", text);
    fflush(out);
    live->drawn = true;
}

void mt_live_end(struct mt_live *live, FILE *out)
{
    mt_live_erase(live, out);
    for (size_t i = 0; i < live->count; i++) {
        clear_test(&live->running[i]);
    }
    free(live->running);
    *live = (struct mt_live){0};
}
