/* SPDX-License-Identifier: Apache-2.0 */
/* The files in the results' folder that tell more of a test that went wrong. */
#ifndef MT_REPORT_ATTACHMENTS_H
#define MT_REPORT_ATTACHMENTS_H

#include "report/results.h"

/* Absolute paths: all that is in the bundles of its attempts, and its log. */
void mt_attachments_find(const struct mt_results *results, const struct mt_case *one,
                         struct mt_strings *ret_paths);

/* What the journal names relative to the results, as people can use it from here; the caller frees
 * it. */
char *mt_attachment_shown(const struct mt_results *results, const char *relative);

#endif
