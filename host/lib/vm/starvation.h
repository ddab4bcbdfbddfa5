/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When a QEMU, or this process, had no processor for a while: kept as it goes on, so that a finding
 * can be told from a host that did not let anybody find out.
 */
#ifndef MT_VM_STARVATION_H
#define MT_VM_STARVATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/process/scheduling.h"

struct mt_vm;

struct mt_starvation {
    bool watched;
    struct mt_scheduling last;
    struct mt_stretch *stretches; /* in the order in which they ended */
    size_t count;
    size_t room;
    struct mt_scheduling passes[2]; /* when the last two MIGRATION_PASS were seen, in that order */
};

/* From now on, until the VM ends. */
void mt_vm_watch_starvation(struct mt_vm *vm);

/* How often, while it is watched: of ten threads a look takes 0.1 ms. */
enum { MT_STARVATION_LOOK_MS = 25 };

/* By whoever waits: looks if the last look was long enough ago. */
void mt_vm_note_starvation(struct mt_vm *vm);

/* It was seen to begin a migration, or another pass over memory. */
void mt_vm_note_migration(struct mt_vm *vm);
void mt_vm_note_pass(struct mt_vm *vm);

/*
 * The longest stretch that ended at `from_us` of mt_now_us() or later; of this process, too, where
 * that is asked for. `ret_who` (may be NULL) says whose it was; the caller frees it.
 */
int64_t mt_vm_starved_us(struct mt_vm *vm, int64_t from_us, bool or_we, char **ret_who);

/* The most that one of its threads waited since the pass before the latest was seen to begin, and,
 * in `ret_since_us`, how long ago that was. */
struct mt_stretch mt_vm_waited_since_pass(struct mt_vm *vm, int64_t *ret_since_us);

/* "the thread "CPU 0/KVM" of the source"; the caller frees it. */
char *mt_vm_name_starved(const struct mt_vm *vm, pid_t tid);

void mt_starvation_clear(struct mt_starvation *starvation);

#endif
