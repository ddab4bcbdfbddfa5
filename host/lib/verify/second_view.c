/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/second_view.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "lib/verify/fresh_qemus.h"
#include "lib/verify/verify.h"
#include "lib/verify/view_questions.h"
#include "lib/verify/view_values.h"

/* QEMU itself changes start-on-kick of a device that no driver has started, so it may differ. */
static const char *const ignored_members[] = {"start-on-kick", NULL};

struct second_view {
    struct mt_pair *pair;
    struct mt_fresh_qemus fresh;
    bool same_version;
    struct mt_strings shown_by_one;           /* values that only one of the two versions shows */
    struct mt_strings also_without_migration; /* values that differ without a migration as well */
};

struct answers {
    json_t *source;
    json_t *destination;
};

static void answers_clear(struct answers *answers)
{
    json_decref(answers->source);
    json_decref(answers->destination);
}

static int second_view_ask_both(struct mt_vm *source, struct mt_vm *destination,
                                const struct mt_view_question *question, struct answers *answers,
                                struct mt_error *error)
{
    return mt_view_ask(source, question, &answers->source, error) < 0 ||
                   mt_view_ask(destination, question, &answers->destination, error) < 0
               ? -1
               : 0;
}

static char *question_text(const struct mt_view_question *question)
{
    if (question->path == NULL) {
        return mt_text_copy(question->command);
    }
    return strcmp(question->command, MT_VIRTIO_QUEUE_STATUS) == 0
               ? mt_text("%s of %s, queue %d", question->command, question->path, question->queue)
               : mt_text("%s of %s", question->command, question->path);
}

/* Whether the difference is a feature of a virtio device that only one side shows, because the
 * other version of QEMU may have no name for it. */
static bool may_have_no_name(const struct answers *answers, const char *path,
                             const json_t *difference)
{
    const char *features = strstr(path, "-features.");
    const json_t *lacking =
        json_object_get(difference, "source") == NULL ? answers->source : answers->destination;

    if (features == NULL) {
        return false;
    }
    MT_AUTO_FREE char *member = mt_text("%.*s-features", (int)(features - path), path);
    return strcmp(features, "-features.unknown") == 0 ||
           (json_object_size(difference) == 1 &&
            json_object_get(json_object_get(lacking, member), "unknown") != NULL);
}

/* The differences between two fresh QEMUs of these versions, so without a migration. NULL: they
 * could not be asked. The caller owns the result. */
static json_t *second_view_ask_fresh(struct second_view *view,
                                     const struct mt_view_question *question,
                                     struct mt_error *error)
{
    struct answers answers = {0};
    json_t *differences = NULL;

    if (mt_fresh_qemus_start(view->pair, &view->fresh, error) == 0 &&
        second_view_ask_both(view->fresh.source, view->fresh.destination, question, &answers,
                             error) == 0) {
        differences = mt_view_compare(answers.source, answers.destination, ignored_members);
    }
    answers_clear(&answers);
    return differences;
}

/* Notes the first few values only: a device may have many queues that are all alike. */
static void note_excused(const struct second_view *view, const char *key,
                         const struct mt_strings *values)
{
    const size_t most = 8;
    MT_AUTO_FREE char *list = mt_text_copy("");

    for (size_t i = 0; i < values->count && i < most; i++) {
        mt_text_append_item(&list, "; ", "%s", values->items[i]);
    }
    MT_AUTO_FREE char *rest =
        values->count > most ? mt_text("; and %zu more", values->count - most) : mt_text_copy("");
    MT_AUTO_FREE char *value = mt_text("%s%s", list, rest);
    if (values->count > 0) {
        mt_pair_note(view->pair, key, value);
    }
}

static int second_view_fail(const struct mt_view_question *question, const char *path,
                            const json_t *difference, struct mt_error *error)
{
    MT_AUTO_FREE char *asked = question_text(question);
    MT_AUTO_FREE char *found = mt_view_difference_text(path, difference);

    return mt_fail(error, "%s: %s", asked, found);
}

static void excuse(struct second_view *view, const char *asked, const char *path,
                   const json_t *difference)
{
    if (json_object_size(difference) == 1) {
        mt_strings_add(&view->shown_by_one, "%s: %s", asked, path);
        return;
    }
    MT_AUTO_FREE char *text = mt_view_difference_text(path, difference);
    mt_strings_add(&view->also_without_migration, "%s: %s", asked, text);
}

/* Judges the answers of two versions of QEMU: a difference is excused if two fresh QEMUs of these
 * versions show it as well. */
static int judge_versions(struct second_view *view, const struct mt_view_question *question,
                          const struct answers *answers, json_t *differences,
                          struct mt_error *error)
{
    MT_AUTO_FREE char *asked = question_text(question);
    json_t *fresh_differences = NULL;
    const char *path;
    json_t *difference;
    int result = 0;

    json_object_foreach (differences, path, difference) {
        if (may_have_no_name(answers, path, difference)) {
            mt_strings_add(&view->shown_by_one, "%s: %s", asked, path);
            continue;
        }
        if (fresh_differences == NULL) {
            fresh_differences = second_view_ask_fresh(view, question, error);
        }
        if (fresh_differences == NULL) {
            mt_wrap(error,
                    "%s differs between two versions of QEMU, and fresh ones cannot be asked",
                    asked);
            return MT_CANNOT_LOOK;
        }
        if (!json_equal(json_object_get(fresh_differences, path), difference)) {
            result = second_view_fail(question, path, difference, error);
            break;
        }
        excuse(view, asked, path, difference);
    }
    json_decref(fresh_differences);
    return result;
}

static int second_view_judge(struct second_view *view, const struct mt_view_question *question,
                             const struct answers *answers, struct mt_error *error)
{
    json_t *differences = mt_view_compare(answers->source, answers->destination, ignored_members);
    void *first_difference = json_object_iter(differences);
    int result = 0;

    if (first_difference != NULL && view->same_version) {
        result = second_view_fail(question, json_object_iter_key(first_difference),
                                  json_object_iter_value(first_difference), error);
    } else if (first_difference != NULL) {
        result = judge_versions(view, question, answers, differences, error);
    }
    json_decref(differences);
    return result;
}

static int compare_answers(struct second_view *view, const struct mt_view_question *question,
                           struct mt_error *error)
{
    struct answers answers = {0};
    int result =
        second_view_ask_both(view->pair->sides[MT_SOURCE].vm, view->pair->sides[MT_DESTINATION].vm,
                             question, &answers, error) < 0
            ? MT_CANNOT_LOOK
            : second_view_judge(view, question, &answers, error);

    answers_clear(&answers);
    return result;
}

static bool may_ask(const struct second_view *view, const char *command)
{
    return mt_verify_may_ask(view->pair, command);
}

static int compare_texts(struct second_view *view, struct mt_error *error)
{
    int result = 0;

    for (size_t i = 0; i < mt_view_command_count && result == 0; i++) {
        const struct mt_view_question question = {.command = mt_view_commands[i]};
        if (may_ask(view, question.command)) {
            result = compare_answers(view, &question, error);
        }
    }
    return result;
}

/* Compares the local APICs of the other CPUs: `info lapic` without a number shows that of the
 * first. */
static int compare_lapics(struct second_view *view, struct mt_error *error)
{
    unsigned count = (unsigned)view->pair->config->machine.smp;
    int result = 0;

    for (unsigned i = 1; i < count && result == 0 && may_ask(view, "info lapic"); i++) {
        MT_AUTO_FREE char *command = mt_text("info lapic %u", i);
        const struct mt_view_question question = {.command = command};
        result = compare_answers(view, &question, error);
    }
    return result;
}

static bool has_queue(struct mt_vm *vm, const char *path, int queue)
{
    const struct mt_view_question question = {MT_VIRTIO_QUEUE_STATUS, path, queue};
    MT_AUTO_ERROR struct mt_error ignored = {0};
    json_t *answer = NULL;
    bool has = mt_view_ask(vm, &question, &answer, &ignored) == 0;

    json_decref(answer);
    return has;
}

static int compare_queues(struct second_view *view, const char *path, struct mt_error *error)
{
    struct mt_view_question question = {.command = MT_VIRTIO_QUEUE_STATUS, .path = path};
    int result = 0;

    while (result == 0 && (has_queue(view->pair->sides[MT_SOURCE].vm, path, question.queue) ||
                           has_queue(view->pair->sides[MT_DESTINATION].vm, path, question.queue))) {
        result = compare_answers(view, &question, error);
        question.queue++;
    }
    return result;
}

static int compare_devices(struct second_view *view, const json_t *paths, bool status, bool queues,
                           struct mt_error *error)
{
    const json_t *path;
    size_t i;
    int result = 0;

    json_array_foreach (paths, i, path) {
        const struct mt_view_question question = {.command = MT_VIRTIO_STATUS,
                                                  .path = json_string_value(path)};
        if (result == 0 && status) {
            result = compare_answers(view, &question, error);
        }
        if (result == 0 && queues) {
            result = compare_queues(view, question.path, error);
        }
    }
    return result;
}

static int compare_virtio(struct second_view *view, struct mt_error *error)
{
    json_t *paths = NULL;
    int result = 0;

    if (!may_ask(view, MT_VIRTIO_LIST)) {
        return 0;
    }
    if (mt_view_virtio_devices(view->pair->sides[MT_SOURCE].vm, &paths, error) < 0) {
        return MT_CANNOT_LOOK;
    }
    if (json_array_size(paths) > 0) {
        bool status = may_ask(view, MT_VIRTIO_STATUS);
        result = compare_devices(view, paths, status, may_ask(view, MT_VIRTIO_QUEUE_STATUS), error);
    }
    json_decref(paths);
    return result;
}

int mt_second_view_compare(struct mt_pair *pair, struct mt_error *error)
{
    struct second_view view = {.pair = pair,
                               .same_version = mt_vm_same_version(pair->sides[MT_SOURCE].vm,
                                                                  pair->sides[MT_DESTINATION].vm)};
    int result = compare_texts(&view, error);

    if (result == 0) {
        result = compare_lapics(&view, error);
    }
    if (result == 0) {
        result = compare_virtio(&view, error);
    }
    note_excused(&view, "shown by one of the two versions only", &view.shown_by_one);
    note_excused(&view, "differs without a migration, too", &view.also_without_migration);
    mt_strings_clear(&view.shown_by_one);
    mt_strings_clear(&view.also_without_migration);
    mt_fresh_qemus_end(&view.fresh);
    return result;
}
