/* SPDX-License-Identifier: Apache-2.0 */
/* Results as JUnit XML in the shape of cmocka's, for Jenkins. The file is always well-formed, and
 * appears whole or not at all. */
#ifndef MT_REPORT_JUNIT_H
#define MT_REPORT_JUNIT_H

#include "base/error.h"
#include "report/results.h"

/* All suites, or only the suite `only` of the first run. The caller frees the text. */
char *mt_junit_text(const struct mt_results_list *list, const struct mt_suite *only);

int mt_junit_write(const struct mt_results_list *list, const char *path, struct mt_error *error);

/*
 * Does what a cmocka program does when CMOCKA_MESSAGE_OUTPUT is xml: writes to `file`
 * (CMOCKA_XML_FILE; NULL: stderr), with %g replaced by the name of each group.
 */
int mt_junit_write_as_cmocka(const struct mt_results_list *list, const char *file,
                             struct mt_error *error);

#endif
