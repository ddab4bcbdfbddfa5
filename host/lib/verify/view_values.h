/* SPDX-License-Identifier: Apache-2.0 */
/* What a QEMU shows of itself, as names and values, and in which of them two QEMUs differ. */
#ifndef MT_VERIFY_VIEW_VALUES_H
#define MT_VERIFY_VIEW_VALUES_H

#include <jansson.h>

/*
 * The values in which two objects differ, by path: {"status.isr": {"source": 1, "destination": 2}}.
 * A value that only one of them has lacks the other's member. `ignored` has the names of members
 * that need not be alike, NULL-terminated, and may be NULL. The result is the caller's.
 */
json_t *mt_view_compare(const json_t *source, const json_t *destination,
                        const char *const *ignored);

/* Such a difference as "PATH: source ..., destination ..."; the caller frees it. */
char *mt_view_difference_text(const char *path, const json_t *difference);

/*
 * A virtio device's features in place of the lists that QEMU gives: an object in which each feature
 * that this QEMU has a name for is true, and the bits without a name stand under "unknown". Two
 * versions of QEMU do not have a name for the same features. The caller's.
 */
json_t *mt_view_features(const json_t *lists);

#endif
