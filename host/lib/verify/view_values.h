/* SPDX-License-Identifier: Apache-2.0 */
/* What QEMUs show of themselves, as names and values, and the differences between two QEMUs. */
#ifndef MT_VERIFY_VIEW_VALUES_H
#define MT_VERIFY_VIEW_VALUES_H

#include <jansson.h>

/*
 * The values that differ between two objects, by path:
 * {"status.isr": {"source": 1, "destination": 2}}. If only one side has a value, the other side's
 * member is missing. `ignored` is a NULL-terminated list of names of members that may differ; it
 * may be NULL. The caller owns the result.
 */
json_t *mt_view_compare(const json_t *source, const json_t *destination,
                        const char *const *ignored);

/* A difference as text: "PATH: source ..., destination ...". The caller frees it. */
char *mt_view_difference_text(const char *path, const json_t *difference);

/*
 * Turns QEMU's lists of the features of a virtio device into an object, which can be compared
 * between two versions of QEMU. The object has `true` for each feature that this QEMU has a name
 * for. The bits without a name are a number under "unknown": the versions do not have names for the
 * same features. The caller owns the result.
 */
json_t *mt_view_features(const json_t *lists);

#endif
