/* SPDX-License-Identifier: Apache-2.0 */
/* One test in a JUnit file. */
#ifndef MT_REPORT_JUNIT_CASE_H
#define MT_REPORT_JUNIT_CASE_H

#include <libxml/xmlwriter.h>

#include "report/results.h"

void mt_junit_write_case(xmlTextWriter *writer, const struct mt_results *results,
                         const struct mt_case *one);

/* The run itself, which failed although none of its tests may have. */
void mt_junit_write_judgement(xmlTextWriter *writer, const struct mt_results *results);

#endif
