/* SPDX-License-Identifier: Apache-2.0 */
/* Results as JUnit XML, in cmocka's shape, for Jenkins: always well-formed, whole or not at all. */
#ifndef MT_REPORT_JUNIT_H
#define MT_REPORT_JUNIT_H

#include "base/error.h"
#include "report/results.h"

/* Every suite, or that one of the first run alone; the caller frees the text. */
char *mt_junit_text(const struct mt_results_list *list, const struct mt_suite *only);

int mt_junit_write(const struct mt_results_list *list, const char *path, struct mt_error *error);

/*
 * Does what cmocka's programs do when CMOCKA_MESSAGE_OUTPUT says xml: `file` (CMOCKA_XML_FILE;
 * NULL: stderr) with %g replaced by each group's name.
 */
int mt_junit_write_as_cmocka(const struct mt_results_list *list, const char *file,
                             struct mt_error *error);

#endif
