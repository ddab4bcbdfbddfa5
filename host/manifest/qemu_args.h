/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QEMU's arguments in a manifest. Those come last on the command line, where the later of two -m,
 * -cpu, -smp or -machine wins; what would not be as it is written there is refused.
 */
#ifndef MT_MANIFEST_QEMU_ARGS_H
#define MT_MANIFEST_QEMU_ARGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/*
 * Why the argument at `index` cannot stand there, and what can in its place; NULL: it can. `both`:
 * in the args of both sides, where the machine's own keys are to be used.
 */
const char *mt_qemu_args_refusal(const struct mt_strings *args, size_t index, bool both);

/*
 * Why the argument at `index` may keep migtest's guest from starting; NULL: it does not.
 * `firmware` is the manifest's.
 */
const char *mt_qemu_args_silence(const struct mt_strings *args, size_t index, const char *firmware);

#endif
