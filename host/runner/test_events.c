/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/test_events.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/quote.h"

struct mt_event mt_test_event_of(const struct mt_test_process *process, enum mt_event_kind kind)
{
    return (struct mt_event){
        .kind = kind,
        .id = process->test->id,
        .repeat = process->repeat,
        .attempt = process->attempt,
    };
}

static char *join_words(const char *const *words)
{
    char *text = mt_text_copy("");

    for (const char *const *word = words; *word != NULL; word++) {
        mt_text_append(&text, "%s%s", word > words ? " " : "", *word);
    }
    return text;
}

/* Keeps the command line of a QEMU, quoted for a shell. */
static void keep_command(struct mt_strings *commands, const char *side, const char *const *words)
{
    char *text = mt_text("%s:", side);

    for (; *words != NULL; words++) {
        MT_AUTO_FREE char *quoted = mt_quote(*words);
        mt_text_append(&text, " %s", quoted);
    }
    mt_strings_add(commands, "%s", text);
    free(text);
}

static void take_qemu(struct mt_test_process *process, const struct mt_record *record)
{
    struct mt_event event = mt_test_event_of(process, MT_EVENT_QEMU);
    MT_AUTO_FREE char *command = join_words(record->qemu.command);

    event.side = record->qemu.side;
    event.pid = record->qemu.pid;
    event.accel = record->qemu.accel;
    event.machine = record->qemu.machine;
    event.command = command;
    keep_command(&process->commands, event.side, record->qemu.command);
    free(process->accel);
    free(process->machine);
    process->accel = mt_text_copy(event.accel);
    process->machine = mt_text_copy(event.machine);
    process->event(process->data, &event);
}

static void take_greeted(struct mt_test_process *process, const struct mt_record *record)
{
    struct mt_event event = mt_test_event_of(process, MT_EVENT_QEMU_GREETED);

    event.side = record->greeted.side;
    event.pid = record->greeted.pid;
    event.version = record->greeted.version;
    event.build_id = record->greeted.build_id;
    event.program = record->greeted.program;
    process->event(process->data, &event);
}

static void take_note(struct mt_test_process *process, const struct mt_record *record)
{
    struct mt_event event = mt_test_event_of(process, MT_EVENT_NOTE);

    event.key = record->note.key;
    event.value = record->note.value;
    process->event(process->data, &event);
}

static void take_waiting(struct mt_test_process *process, const struct mt_record *record)
{
    struct mt_event event = mt_test_event_of(process, MT_EVENT_WAITING);

    event.side = record->wait.side;
    event.what = record->wait.what;
    event.ms = record->wait.ms;
    process->event(process->data, &event);
}

void mt_test_events_take(struct mt_test_process *process, const struct mt_record *record)
{
    switch (record->kind) {
    case MT_RECORD_QEMU:
        take_qemu(process, record);
        break;
    case MT_RECORD_GREETED:
        take_greeted(process, record);
        break;
    case MT_RECORD_NOTE:
        take_note(process, record);
        break;
    case MT_RECORD_WAITING:
        take_waiting(process, record);
        break;
    default:
        break;
    }
}

void mt_test_events_tell_slow(struct mt_test_process *process)
{
    struct mt_event event = mt_test_event_of(process, MT_EVENT_SLOW);
    MT_AUTO_FREE char *waiting = process->facts.waiting != NULL
                                     ? mt_text("it last waited for %s", process->facts.waiting)
                                     : NULL;

    event.ms = mt_now_ms() - process->started_ms;
    event.message = waiting;
    process->event(process->data, &event);
}
