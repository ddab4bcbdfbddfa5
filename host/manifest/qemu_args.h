/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules for QEMU's arguments in a manifest. These arguments are the last ones on the command line,
 * and of two -m, -cpu, -smp or -machine QEMU takes the later one. Arguments with which QEMU would
 * not do what the manifest says are refused.
 */
#ifndef MT_MANIFEST_QEMU_ARGS_H
#define MT_MANIFEST_QEMU_ARGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/*
 * Why the argument at `index` is refused, and what to write in its place. NULL: it is allowed.
 * `both`: the arguments are for both sides; there, a machine's size and type have their own keys.
 */
const char *mt_qemu_args_refusal(const struct mt_strings *args, size_t index, bool both);

/*
 * Why the argument at `index` may keep migtest's guest from starting. NULL: the argument does not.
 * `firmware` is the firmware in the manifest.
 */
const char *mt_qemu_args_silence(const struct mt_strings *args, size_t index, const char *firmware);

#endif
