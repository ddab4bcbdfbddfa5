/* SPDX-License-Identifier: Apache-2.0 */
#include "report/migration_history.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "protocol/transcript.h"

struct reader {
    struct mt_migration_history *history;
    const char *side;
    json_t *asked; /* ids of query-migrate whose reply has not come */
};

static void history_add(const struct reader *reader, double time, const char *text)
{
    struct mt_migration_history *history = reader->history;

    history->moments = mt_realloc(history->moments, history->count + 1, sizeof(*history->moments));
    history->moments[history->count++] =
        (struct mt_migration_moment){time, mt_text("%s: %s", reader->side, text)};
}

/* "name=value" of every plain member; a member of an inner object is "object.name=value". */
static void show_members(FILE *out, const char *prefix, const json_t *object)
{
    const char *name;
    json_t *value;

    json_object_foreach ((json_t *)(uintptr_t)object, name, value) {
        MT_AUTO_FREE char *whole = mt_text("%s%s", prefix, name);
        if (json_is_object(value)) {
            MT_AUTO_FREE char *below = mt_text("%s.", whole);
            show_members(out, below, value);
        } else {
            MT_AUTO_FREE char *shown = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
            fprintf(out, " %s=%s", whole, shown);
        }
    }
}

static char *with_members(const char *what, const json_t *object)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    fputs(what, out);
    show_members(out, "", object);
    fclose(out);
    return text;
}

static char *id_of(const json_t *message)
{
    return json_dumps(json_object_get(message, "id"), JSON_ENCODE_ANY);
}

static void take_command(const struct reader *reader, const json_t *message)
{
    const char *command = mt_json_find_text(message, "execute");
    MT_AUTO_FREE char *id = id_of(message);

    if (command != NULL && id != NULL && strcmp(command, "query-migrate") == 0) {
        json_object_set_new(reader->asked, id, json_true());
    }
}

static void take_message(const struct reader *reader, double time, const json_t *message)
{
    const char *event = mt_json_find_text(message, "event");
    MT_AUTO_FREE char *id = id_of(message);

    if (event != NULL) {
        MT_AUTO_FREE char *what = mt_text("event %s", event);
        MT_AUTO_FREE char *text = with_members(what, json_object_get(message, "data"));
        history_add(reader, time, text);
    } else if (id != NULL && json_object_del(reader->asked, id) == 0) {
        MT_AUTO_FREE char *text = with_members("query-migrate", json_object_get(message, "return"));
        history_add(reader, time, text);
    }
}

static void history_take_line(void *data, const struct mt_transcript_line *line)
{
    const struct reader *reader = data;
    json_t *message = json_loads(line->text, 0, NULL);

    if (line->mark[1] == '>') {
        take_command(reader, message);
    } else {
        take_message(reader, line->time, message);
    }
    json_decref(message);
}

void mt_migration_history_add(struct mt_migration_history *history, const char *side,
                              const char *path)
{
    struct reader reader = {.history = history, .side = side, .asked = json_object()};

    mt_transcript_read(path, &reader, history_take_line);
    json_decref(reader.asked);
}

static int by_time(const void *left, const void *right)
{
    double earlier = ((const struct mt_migration_moment *)left)->time;
    double later = ((const struct mt_migration_moment *)right)->time;

    return (earlier > later) - (earlier < later);
}

char *mt_migration_history_text(struct mt_migration_history *history)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (history->count > 0) {
        qsort(history->moments, history->count, sizeof(*history->moments), by_time);
    }
    for (size_t i = 0; i < history->count; i++) {
        fprintf(out, "%+.6f %s\n", history->moments[i].time - history->moments[0].time,
                history->moments[i].text);
    }
    fclose(out);
    return text;
}

void mt_migration_history_clear(struct mt_migration_history *history)
{
    for (size_t i = 0; i < history->count; i++) {
        free(history->moments[i].text);
    }
    free(history->moments);
    *history = (struct mt_migration_history){0};
}
