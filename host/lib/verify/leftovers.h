/* SPDX-License-Identifier: Apache-2.0 */
/* What a migration leaves behind in a process: descriptors, sockets, threads. */
#ifndef MT_VERIFY_LEFTOVERS_H
#define MT_VERIFY_LEFTOVERS_H

#include "base/error.h"
#include "lib/pair/pair.h"

/*
 * Remembers what a side has before the first thing that belongs to a migration: a descriptor that
 * it is given for it, or its start. What was remembered stays until the migration is judged, and so
 * does why it could not be seen.
 */
void mt_leftovers_mark(struct mt_pair *pair, const struct mt_vm *vm);

/* One file more than it had is not the migration's: what was asked of it left that open. */
void mt_leftovers_excuse_file(struct mt_pair *pair, const struct mt_vm *vm);

/* Waits until each side that runs is back where it was, and forgets what was remembered;
 * MT_CANNOT_LOOK where that cannot be seen. */
int mt_leftovers_expect_none(struct mt_pair *pair, struct mt_error *error);

#endif
