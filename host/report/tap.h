/* SPDX-License-Identifier: Apache-2.0 */
/* Results as the Test Anything Protocol, version 14. */
#ifndef MT_REPORT_TAP_H
#define MT_REPORT_TAP_H

#include "base/error.h"
#include "report/results.h"

/* The caller frees the text. */
char *mt_tap_text(const struct mt_results_list *list);

int mt_tap_write(const struct mt_results_list *list, const char *path, struct mt_error *error);

#endif
