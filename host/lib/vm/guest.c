/* SPDX-License-Identifier: Apache-2.0 */
/* migtest's own guest program, as host/guest/contract.h describes it. */
#include "lib/vm/guest.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "guest/contract.h"
#include "lib/monitor/events.h"
#include "lib/vm/vm.h"

void mt_vm_guest_init(struct mt_guest *guest, int fd)
{
    *guest = (struct mt_guest){0};
    mt_serial_init(&guest->serial, fd);
}

void mt_vm_guest_record(struct mt_guest *guest, const char *folder, const char *name)
{
    mt_recording_open(&guest->serial.recording, folder, name);
}

void mt_vm_guest_clear(struct mt_guest *guest)
{
    mt_serial_clear(&guest->serial);
}

int mt_vm_guest_fd(const struct mt_vm *vm)
{
    return vm->guest.serial.closed ? -1 : vm->guest.serial.fd;
}

void mt_vm_guest_end(struct mt_vm *vm)
{
    vm->guest.serial.closed = true;
}

uint64_t mt_vm_guest_passes(const struct mt_vm *vm)
{
    return vm->guest.serial.heard[MT_GUEST_PASS];
}

struct mt_beats *mt_vm_guest_beats(struct mt_vm *vm)
{
    return &vm->guest.serial.beats;
}

struct mt_cpuid *mt_vm_guest_cpuid(struct mt_vm *vm)
{
    return &vm->guest.serial.cpuid;
}

/* For example, a migration may have switched over although it was not allowed to. */
static bool has_stopped(const struct mt_events *events)
{
    for (size_t i = events->count; i > 0; i--) {
        const char *name = events->entries[i - 1].name;
        if (strcmp(name, "STOP") == 0 || strcmp(name, "RESUME") == 0) {
            return strcmp(name, "STOP") == 0;
        }
    }
    return false;
}

int mt_vm_guest_check_complaint(struct mt_vm *vm, struct mt_error *error)
{
    return mt_serial_complaint(&vm->guest.serial, error) < 0 ? -1 : mt_vm_check_restarts(vm, error);
}

bool mt_vm_guest_receive(struct mt_vm *vm)
{
    return mt_serial_receive(&vm->guest.serial);
}

void mt_vm_guest_may_come(struct mt_vm *vm, struct mt_vm *from)
{
    vm->guest.came_from = from;
    vm->guest.serial.comes_from = &from->guest.serial;
}

/* Returns 0 if the guest may still say what the caller waits for. */
static int may_speak(struct mt_vm *vm, bool stopped, struct mt_error *error)
{
    if (mt_vm_guest_check_complaint(vm, error) < 0) {
        return -1;
    }
    return stopped ? mt_fail(error, "the %s is stopped", vm->side) : 0;
}

/* Reads what the guest said before it stopped: that may not have been read yet. */
static bool has_stopped_speaking(struct mt_vm *vm)
{
    bool stopped = has_stopped(&vm->monitor.qmp.events);

    if (stopped) {
        mt_vm_guest_receive(vm);
    }
    return stopped;
}

static int wait_guest(struct mt_vm *vm, const char *what, mt_condition condition, void *context,
                      struct mt_error *error)
{
    const struct mt_wait wait = {
        .vms = {vm},
        .side = vm->side,
        .what = what,
        .timeout_ms = MT_STEP_TIMEOUT_MS,
        .condition = condition,
        .context = context,
    };

    if (mt_wait_for(&wait, error) == 0) {
        return 0;
    }
    if (!vm->guest.serial.speech.greeted && vm->guest.serial.noise_size > 0 && !vm->process.ended) {
        MT_AUTO_FREE char *noise = mt_serial_quote_noise(&vm->guest.serial);
        return mt_wrap(error,
                       "the guest's serial line carries something else than migtest's guest: "
                       "\"%s\"; a firmware in args?",
                       noise);
    }
    return -1;
}

struct word_wait {
    struct mt_vm *vm;
    unsigned char word;
    uint64_t until;
};

static int has_heard(void *context, struct mt_error *error)
{
    const struct word_wait *wait = context;
    bool stopped = has_stopped_speaking(wait->vm);

    return wait->vm->guest.serial.heard[wait->word] >= wait->until
               ? 1
               : may_speak(wait->vm, stopped, error);
}

static int wait_heard(struct mt_vm *vm, unsigned char word, uint64_t until, const char *what,
                      struct mt_error *error)
{
    struct word_wait context = {.vm = vm, .word = word, .until = until};

    return wait_guest(vm, what, has_heard, &context, error);
}

static int wait_next_word(struct mt_vm *vm, unsigned char word, unsigned times, const char *what,
                          struct mt_error *error)
{
    mt_vm_guest_receive(vm);
    return wait_heard(vm, word, vm->guest.serial.heard[word] + times, what, error);
}

int mt_vm_guest_wait_passes(struct mt_vm *vm, unsigned passes, const char *what,
                            struct mt_error *error)
{
    return wait_next_word(vm, MT_GUEST_PASS, passes, what, error);
}

/* A command that waits for its answer. */
struct question {
    struct mt_vm *vm;
    char text[32];
    unsigned tag;
    uint64_t done; /* number of answers with this tag that had come before */
    uint64_t unknown;
    uint64_t starts;
};

static int send_question(const struct question *question, struct mt_error *error)
{
    return mt_serial_send(&question->vm->guest.serial, question->text, error) < 0
               ? mt_wrap(error, "on the %s", question->vm->side)
               : 0;
}

/* A command that was sent just before the guest started again is lost, so it is sent again. */
static int has_answered(void *context, struct mt_error *error)
{
    struct question *question = context;
    struct mt_vm *vm = question->vm;
    bool stopped = has_stopped_speaking(vm);

    if (vm->guest.serial.done[question->tag] > question->done) {
        return 1;
    }
    if (may_speak(vm, stopped, error) < 0) {
        return -1;
    }
    if (vm->guest.serial.unknown[question->tag] > question->unknown) {
        return mt_fail(error, "the guest on the %s cannot do that on this machine", vm->side);
    }
    if (mt_serial_starts(&vm->guest.serial) != question->starts) {
        question->starts = mt_serial_starts(&vm->guest.serial);
        return send_question(question, error);
    }
    return 0;
}

/* Sends the byte of the command, its tag and `numbers`, and waits for the answer. */
static int ask(struct mt_vm *vm, char command, const char *numbers, const char *what,
               struct mt_error *error)
{
    unsigned tag = vm->guest.questions++ % MT_GUEST_TAGS;

    mt_vm_guest_receive(vm);
    struct question question = {
        .vm = vm,
        .tag = tag,
        .done = vm->guest.serial.done[tag],
        .unknown = vm->guest.serial.unknown[tag],
        .starts = mt_serial_starts(&vm->guest.serial),
    };
    snprintf(question.text, sizeof(question.text), "%c%x%s", command, tag, numbers);
    if (send_question(&question, error) < 0) {
        return -1;
    }
    return wait_guest(vm, what, has_answered, &question, error);
}

/* The guest tells the differences at each look. */
static void forget_differences(struct mt_vm *vm)
{
    mt_vm_guest_receive(vm);
    mt_cpuid_forget_differences(&vm->guest.serial.cpuid);
}

int mt_vm_guest_check(struct mt_vm *vm, struct mt_error *error)
{
    forget_differences(vm);
    return ask(vm, MT_GUEST_CHECK, "", "the guest's check of its memory", error);
}

int mt_vm_guest_compare_registers(struct mt_vm *vm, struct mt_error *error)
{
    forget_differences(vm);
    return ask(vm, MT_GUEST_COMPARE, "", "the guest's look at its registers", error);
}

int mt_vm_guest_note(struct mt_vm *vm, struct mt_error *error)
{
    return ask(vm, MT_GUEST_NOTE, "", "the guest to take the notes of its registers again", error);
}

int mt_vm_guest_identify(struct mt_vm *vm, struct mt_error *error)
{
    mt_cpuid_forget_leaves(&vm->guest.serial.cpuid);
    return ask(vm, MT_GUEST_IDENTIFY, "", "the guest to tell CPUID", error);
}

/* Asked after the first pass, the guest answers before or after the second; a third is not needed.
 */
int mt_vm_guest_see_run(struct mt_vm *vm, int (*look)(struct mt_vm *, struct mt_error *),
                        struct mt_error *error)
{
    const char *what = "the guest's passes after the migration";

    mt_vm_guest_receive(vm);
    uint64_t before = vm->guest.serial.heard[MT_GUEST_PASS];

    if (wait_heard(vm, MT_GUEST_PASS, before + 1, what, error) < 0 || look(vm, error) < 0) {
        return -1;
    }
    return wait_heard(vm, MT_GUEST_PASS, before + 2, what, error);
}

int mt_vm_guest_beat(struct mt_vm *vm, struct mt_error *error)
{
    mt_vm_guest_receive(vm);
    uint64_t before = vm->guest.serial.heard[MT_GUEST_BEAT];

    if (ask(vm, MT_GUEST_LIVE, "", "the guest to beat", error) < 0) {
        return -1;
    }
    return wait_heard(vm, MT_GUEST_BEAT, before + 1, "the guest's first beat", error);
}

/* Every wait for a pass would fail if a pass took longer. */
enum { LONGEST_PASS_S = 5 };

static int check_dirtying(unsigned per_second, unsigned stride, unsigned working_set,
                          struct mt_error *error)
{
    unsigned pages = (working_set + stride - 1) / stride;

    if (working_set > MT_GUEST_PAGES) {
        return mt_fail(error, "a working set of %u pages: the guest has %u", working_set,
                       MT_GUEST_PAGES);
    }
    if (per_second > MT_GUEST_MOST_PER_SECOND) {
        return mt_fail(error, "%u pages a second: the guest keeps a pace of %u at most", per_second,
                       MT_GUEST_MOST_PER_SECOND);
    }
    if (per_second > 0 && pages / per_second >= LONGEST_PASS_S) {
        return mt_fail(error,
                       "a pass over %u pages would take %u s at %u pages a second, %d s at most",
                       pages, pages / per_second, per_second, LONGEST_PASS_S);
    }
    return 0;
}

int mt_vm_guest_set_dirtying(struct mt_vm *vm, const struct mt_dirtying *dirtying,
                             struct mt_error *error)
{
    unsigned stride = dirtying->stride > 0 ? dirtying->stride : 1;
    unsigned working_set = dirtying->working_set > 0 ? dirtying->working_set : MT_GUEST_PAGES;

    if (check_dirtying(dirtying->pages_per_second, stride, working_set, error) < 0) {
        return mt_wrap(error, "setting what the guest dirties");
    }
    MT_AUTO_FREE char *numbers =
        mt_text("%08x%08x%08x", dirtying->pages_per_second, stride, working_set);
    return ask(vm, MT_GUEST_DIRTY, numbers, "the guest to dirty as it is told", error);
}

int mt_vm_guest_suspend(struct mt_vm *vm, struct mt_error *error)
{
    size_t from = vm->monitor.qmp.events.count;

    if (ask(vm, MT_GUEST_SUSPEND, "", "the guest to suspend itself", error) < 0) {
        return -1;
    }
    if (mt_vm_see_event(vm, "SUSPEND", from, MT_STEP_TIMEOUT_MS, error) < 0) {
        return -1;
    }
    return mt_vm_expect_status(vm, "suspended", error);
}

int mt_vm_guest_wake(struct mt_vm *vm, struct mt_error *error)
{
    uint64_t woken = vm->guest.serial.heard[MT_GUEST_WOKEN];

    if (mt_vm_expect_status(vm, "suspended", error) < 0 ||
        mt_vm_qmp(vm, NULL, error, "system_wakeup", NULL) < 0 ||
        wait_heard(vm, MT_GUEST_WOKEN, woken + 1, "the guest to wake", error) < 0) {
        return -1;
    }
    return wait_next_word(vm, MT_GUEST_PASS, 1, "the guest's first pass after it woke", error);
}
