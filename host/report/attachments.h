/* SPDX-License-Identifier: Apache-2.0 */
/* The files in the results folder that say more about a failed test. */
#ifndef MT_REPORT_ATTACHMENTS_H
#define MT_REPORT_ATTACHMENTS_H

#include "report/results.h"

/* Absolute paths: the log, and all files in the bundles of the attempts. */
void mt_attachments_find(const struct mt_results *results, const struct mt_case *test,
                         struct mt_strings *ret_paths);

/* A path that the journal has relative to the results folder, as it can be used from the current
 * folder. The caller frees it. */
char *mt_attachment_shown(const struct mt_results *results, const char *relative);

#endif
