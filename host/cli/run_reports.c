/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/run_reports.h"

#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "cli/diagnostics.h"
#include "report/junit.h"

int mt_reports_check(const struct mt_cli_options *options)
{
    MT_AUTO_ERROR struct mt_error error = {0};

    if (options->junit != NULL && mt_file_may_be_written(options->junit, &error) < 0) {
        mt_diagnose("--junit: %s", mt_error_text(&error));
        return MT_EXIT_USAGE;
    }
    return -1;
}

int mt_reports_write(const struct mt_audience *audience, const struct mt_cli_options *options)
{
    const char *cmocka_output = getenv("CMOCKA_MESSAGE_OUTPUT");
    const char *cmocka_file = getenv("CMOCKA_XML_FILE");
    MT_AUTO_ERROR struct mt_error error = {0};

    if (options->junit != NULL && mt_junit_write(&audience->results, options->junit, &error) < 0) {
        mt_diagnose("%s", mt_error_text(&error));
        return MT_EXIT_BROKEN;
    }
    if (cmocka_output != NULL && strcasecmp(cmocka_output, "xml") == 0 &&
        mt_junit_write_as_cmocka(&audience->results, cmocka_file, &error) < 0) {
        mt_diagnose("%s", mt_error_text(&error));
        return MT_EXIT_BROKEN;
    }
    return audience->journal_lost ? MT_EXIT_BROKEN : MT_EXIT_PASSED;
}
