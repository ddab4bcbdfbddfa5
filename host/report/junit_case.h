/* SPDX-License-Identifier: Apache-2.0 */
/* One test in a JUnit file. */
#ifndef MT_REPORT_JUNIT_CASE_H
#define MT_REPORT_JUNIT_CASE_H

#include <libxml/xmlwriter.h>

#include "report/results.h"

void mt_junit_write_case(xmlTextWriter *writer, const struct mt_results *results,
                         const struct mt_case *test);

/* A case for the run itself, which can fail even if no test failed. */
void mt_junit_write_judgement(xmlTextWriter *writer, const struct mt_results *results);

#endif
