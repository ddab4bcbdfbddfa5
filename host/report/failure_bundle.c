/* SPDX-License-Identifier: Apache-2.0 */
#include "report/failure_bundle.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/cleanup.h"
#include "base/files.h"
#include "protocol/recording.h"
#include "protocol/transcript.h"
#include "report/migration_history.h"

/* The last thing that a channel received. */
struct sign {
    double time;
    char *text;
};

struct signs {
    struct sign *items;
    size_t count;
};

static void keep_received(void *data, const struct mt_transcript_line *line)
{
    struct sign *sign = data;
    const int most = 300;

    if (strcmp(line->mark, MT_RECORDED_RECEIVED) == 0) {
        free(sign->text);
        *sign = (struct sign){line->time, mt_text("%.*s", most, line->text)};
    }
}

static void add_sign(struct signs *signs, const char *channel, const char *path)
{
    struct sign sign = {0};

    mt_transcript_read(path, &sign, keep_received);
    if (sign.text == NULL) {
        return;
    }
    char *text = mt_text("%s: %s", channel, sign.text);
    free(sign.text);
    sign.text = text;
    signs->items = mt_realloc(signs->items, signs->count + 1, sizeof(*signs->items));
    signs->items[signs->count++] = sign;
}

static int latest_first(const void *left, const void *right)
{
    double first = ((const struct sign *)left)->time;
    double second = ((const struct sign *)right)->time;

    return (first < second) - (first > second);
}

static void show_signs(FILE *out, struct signs *signs, double end)
{
    if (signs->count > 0) {
        qsort(signs->items, signs->count, sizeof(*signs->items), latest_first);
    }
    for (size_t i = 0; i < signs->count; i++) {
        fprintf(out, "%-13s %.3f s before the end: %s\n", i == 0 ? "last moved" : "",
                end - signs->items[i].time, signs->items[i].text);
    }
}

static void clear_signs(struct signs *signs)
{
    for (size_t i = 0; i < signs->count; i++) {
        free(signs->items[i].text);
    }
    free(signs->items);
}

static bool ends_with(const char *name, const char *end)
{
    size_t size = strlen(name);

    return size > strlen(end) && strcmp(name + size - strlen(end), end) == 0;
}

static void read_recordings(const char *folder, struct signs *signs,
                            struct mt_migration_history *history)
{
    MT_AUTO_DIR DIR *dir = opendir(folder);
    const struct dirent *entry;

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        MT_AUTO_FREE char *path = mt_text("%s/%s", folder, entry->d_name);
        MT_AUTO_FREE char *side = mt_text("%.*s", (int)strcspn(entry->d_name, "."), entry->d_name);
        if (ends_with(entry->d_name, ".qmp")) {
            MT_AUTO_FREE char *channel = mt_text("%s, monitor", side);
            add_sign(signs, channel, path);
            mt_migration_history_add(history, side, path);
        } else if (ends_with(entry->d_name, ".serial")) {
            MT_AUTO_FREE char *channel = mt_text("%s, serial line", side);
            add_sign(signs, channel, path);
        }
    }
}

static void show(FILE *out, const char *name, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        MT_AUTO_FREE char *clean = mt_clean(text, strlen(text));
        fprintf(out, "%-13s %s\n", name, clean);
    }
}

static char *summary(const struct mt_event *finished, const char *waiting,
                     const struct mt_strings *commands, const char *reproduce, struct signs *signs)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    MT_AUTO_FREE char *test = mt_test_name(&finished->id);
    MT_AUTO_FREE char *place = finished->file != NULL && finished->file[0] != '\0'
                                   ? mt_text("%s:%lld", finished->file, (long long)finished->line)
                                   : NULL;

    show(out, "test", test);
    fprintf(out, "%-13s %s (%s), attempt %lld, after %.3f s\n", "outcome", finished->outcome,
            finished->reason != NULL ? finished->reason : "", (long long)finished->attempt,
            finished->seconds);
    show(out, "message", finished->message);
    show(out, "at", place);
    show(out, "waited for", waiting);
    show_signs(out, signs, finished->time);
    for (size_t i = 0; i < commands->count; i++) {
        show(out, "QEMU", commands->items[i]);
    }
    show(out, "again", reproduce);
    fclose(out);
    return text;
}

static int write_text(const char *folder, const char *name, const char *text,
                      struct mt_error *error)
{
    MT_AUTO_FREE char *path = mt_text("%s/%s", folder, name);

    return text[0] == '\0' ? 0 : mt_file_write(path, text, strlen(text), error);
}

int mt_failure_bundle_write(const char *folder, const struct mt_event *finished,
                            const char *waiting, const struct mt_strings *commands,
                            const char *reproduce, struct mt_error *error)
{
    struct mt_migration_history history = {0};
    struct signs signs = {0};

    if (mt_folder_make(folder, error) < 0) {
        return mt_wrap(error, "making the bundle of a failure");
    }
    read_recordings(folder, &signs, &history);
    MT_AUTO_FREE char *words = summary(finished, waiting, commands, reproduce, &signs);
    MT_AUTO_FREE char *migration = mt_migration_history_text(&history);
    int result = write_text(folder, "failure.txt", words, error);
    if (result == 0) {
        result = write_text(folder, "migration.txt", migration, error);
    }
    mt_migration_history_clear(&history);
    clear_signs(&signs);
    return result < 0 ? mt_wrap(error, "making the bundle of a failure") : 0;
}
