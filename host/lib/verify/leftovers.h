/* SPDX-License-Identifier: Apache-2.0 */
/* The oracle `leftovers`: a migration leaves no descriptor and no thread behind in either process.
 */
#ifndef MT_VERIFY_LEFTOVERS_H
#define MT_VERIFY_LEFTOVERS_H

#include "base/error.h"
#include "lib/pair/pair.h"

/*
 * Counts what the process of `vm`, one side of the pair, has before a migration. Call this before
 * the first step that belongs to the migration: its start, or before that a descriptor that the
 * QEMU gets for it. Only the first call counts until mt_leftovers_expect_none. If the process
 * cannot be looked at, that function says why.
 */
void mt_leftovers_set_baseline(struct mt_pair *pair, const struct mt_vm *vm);

/* Allows one more open file: an oracle's own command has left a file open in this QEMU. */
void mt_leftovers_excuse_file(struct mt_pair *pair, const struct mt_vm *vm);

/*
 * Waits until each side that still runs has no more than before the migration, and forgets the
 * counts. Returns MT_CANNOT_LOOK if a process cannot be looked at.
 */
int mt_leftovers_expect_none(struct mt_pair *pair, struct mt_error *error);

#endif
