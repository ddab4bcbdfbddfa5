/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/vm/starvation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/text.h"
#include "lib/vm/vm.h"

/* Less is what a processor that is shared costs anybody. */
static const int64_t least_us = 10000;

/*
 * The kernel counts a thread's wait for a processor when the wait ends. So a thread that still
 * waits is looked at again, in steps: the kernel has no event for another process's thread that
 * runs.
 */
static const int64_t settle_us = 500000;
static const int64_t settle_step_us = 10000;

static void look(const struct mt_vm *vm, struct mt_scheduling *ret_scheduling)
{
    mt_scheduling_look(vm->process.pid, ret_scheduling);
    mt_scheduling_add_ours(ret_scheduling);
}

void mt_vm_watch_starvation(struct mt_vm *vm)
{
    struct mt_starvation *starvation = &vm->starvation;

    if (!starvation->watched) {
        starvation->watched = true;
        look(vm, &starvation->last);
    }
}

static void keep(struct mt_starvation *starvation, struct mt_stretch stretch)
{
    if (stretch.us < least_us) {
        return;
    }
    if (starvation->count == starvation->room) {
        starvation->room = starvation->room * 2 + 16;
        starvation->stretches =
            mt_realloc(starvation->stretches, starvation->room, sizeof(*starvation->stretches));
    }
    starvation->stretches[starvation->count++] = stretch;
}

/* Ours is kept beside QEMU's, as it explains other things. */
static void take_look(struct mt_starvation *starvation, const struct mt_scheduling *now)
{
    struct mt_scheduling *last = &starvation->last;
    static struct mt_scheduling ours;
    static struct mt_scheduling theirs;

    theirs = *now;
    ours = (struct mt_scheduling){.at_us = now->at_us};
    for (size_t i = 0; i < theirs.thread_count; i++) {
        if (theirs.threads[i].tid == gettid()) {
            ours.threads[ours.thread_count++] = theirs.threads[i];
            theirs.threads[i] = theirs.threads[--theirs.thread_count];
            break;
        }
    }
    keep(starvation, mt_scheduling_longest(last, &theirs));
    keep(starvation, mt_scheduling_longest(last, &ours));
    *last = *now;
}

void mt_vm_note_starvation(struct mt_vm *vm)
{
    static struct mt_scheduling now;

    if (vm->starvation.watched &&
        mt_now_us() - vm->starvation.last.at_us >= MT_STARVATION_LOOK_MS * INT64_C(1000)) {
        look(vm, &now);
        take_look(&vm->starvation, &now);
    }
}

static void look_at_pass(const struct mt_vm *vm, struct mt_scheduling *ret_scheduling)
{
    mt_scheduling_look(vm->process.pid, ret_scheduling);
}

void mt_vm_note_migration(struct mt_vm *vm)
{
    look_at_pass(vm, &vm->starvation.passes[1]);
    vm->starvation.passes[0] = vm->starvation.passes[1];
}

void mt_vm_note_pass(struct mt_vm *vm)
{
    if (vm->starvation.watched) {
        vm->starvation.passes[0] = vm->starvation.passes[1];
        look_at_pass(vm, &vm->starvation.passes[1]);
    }
}

struct mt_stretch mt_vm_waited_since_pass(struct mt_vm *vm, int64_t *ret_since_us)
{
    static struct mt_scheduling now;

    look_at_pass(vm, &now);
    *ret_since_us = now.at_us - vm->starvation.passes[0].at_us;
    return mt_scheduling_most_waited(&vm->starvation.passes[0], &now);
}

static bool is_runnable(pid_t pid, pid_t tid)
{
    MT_AUTO_FREE char *path = mt_text("/proc/%d/task/%d/stat", (int)pid, (int)tid);
    MT_AUTO_FILE FILE *file = fopen(path, "re");
    char state = 'S';

    return file != NULL && fscanf(file, "%*d (%*[^)]) %c", &state) == 1 && state == 'R';
}

/* Runnable, and given no processor since that look. */
static bool waits_still(const struct mt_vm *vm, const struct mt_scheduling *before,
                        const struct mt_scheduling *now)
{
    for (size_t i = 0; i < now->thread_count && i < before->thread_count; i++) {
        const struct mt_thread_time *thread = &now->threads[i];
        const struct mt_thread_time *was = &before->threads[i];
        if (thread->tid == was->tid && thread->ran_us == was->ran_us &&
            thread->turns == was->turns && is_runnable(vm->process.pid, thread->tid)) {
            return true;
        }
    }
    return false;
}

static void settle(struct mt_vm *vm)
{
    static struct mt_scheduling before;
    static struct mt_scheduling now;
    int64_t deadline_us = mt_now_us() + settle_us;

    look(vm, &before);
    do {
        usleep((useconds_t)settle_step_us);
        look(vm, &now);
    } while (waits_still(vm, &before, &now) && mt_now_us() < deadline_us);
    take_look(&vm->starvation, &now);
}

char *mt_vm_name_starved(const struct mt_vm *vm, pid_t tid)
{
    char name[32] = "";

    if (tid == 0) {
        return mt_text_copy("this host's CPU");
    }
    if (tid == gettid()) {
        return mt_text_copy("the test itself");
    }
    MT_AUTO_FREE char *path = mt_text("/proc/%d/task/%d/comm", (int)vm->process.pid, (int)tid);
    MT_AUTO_FILE FILE *file = fopen(path, "re");
    if (file == NULL || fgets(name, sizeof(name), file) == NULL) {
        return mt_text("a thread of the %s", vm->side);
    }
    name[strcspn(name, "\n")] = '\0';
    return mt_text("the thread \"%s\" of the %s", name, vm->side);
}

int64_t mt_vm_starved_us(struct mt_vm *vm, int64_t from_us, bool or_we, char **ret_who)
{
    struct mt_stretch longest = {0};

    if (vm->starvation.watched) {
        settle(vm);
    }
    for (size_t i = vm->starvation.count; i > 0; i--) {
        const struct mt_stretch *stretch = &vm->starvation.stretches[i - 1];
        if (stretch->at_us < from_us) {
            break;
        }
        if (stretch->us > longest.us && (or_we || stretch->tid != gettid())) {
            longest = *stretch;
        }
    }
    if (ret_who != NULL) {
        *ret_who = longest.us > 0 ? mt_vm_name_starved(vm, longest.tid) : mt_text_copy("nobody");
    }
    return longest.us;
}

void mt_starvation_clear(struct mt_starvation *starvation)
{
    free(starvation->stretches);
    *starvation = (struct mt_starvation){0};
}
