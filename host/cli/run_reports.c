/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/run_reports.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "cli/diagnostics.h"
#include "report/github.h"
#include "report/junit.h"
#include "report/tap.h"

static int check_report(const char *option, const char *path)
{
    MT_AUTO_ERROR struct mt_error error = {0};

    if (path != NULL && mt_file_may_be_written(path, &error) < 0) {
        mt_diagnose("%s: %s", option, mt_error_text(&error));
        return MT_EXIT_USAGE;
    }
    return -1;
}

int mt_reports_check(const struct mt_cli_options *options)
{
    int status = check_report("--junit", options->junit);

    return status < 0 ? check_report("--tap", options->tap) : status;
}

static int write_files(const struct mt_results_list *list, const struct mt_cli_options *options,
                       struct mt_error *error)
{
    const char *cmocka_output = getenv("CMOCKA_MESSAGE_OUTPUT");
    const char *cmocka_file = getenv("CMOCKA_XML_FILE");
    bool as_cmocka = cmocka_output != NULL && strcasecmp(cmocka_output, "xml") == 0;

    if (options->junit != NULL && mt_junit_write(list, options->junit, error) < 0) {
        return -1;
    }
    if (options->tap != NULL && mt_tap_write(list, options->tap, error) < 0) {
        return -1;
    }
    return as_cmocka ? mt_junit_write_as_cmocka(list, cmocka_file, error) : 0;
}

int mt_reports_write(const struct mt_results_list *list, const struct mt_cli_options *options)
{
    MT_AUTO_ERROR struct mt_error error = {0};

    if (options->github) {
        mt_github_print(stdout, list);
    }
    if (write_files(list, options, &error) < 0) {
        mt_diagnose("%s", mt_error_text(&error));
        return MT_EXIT_BROKEN;
    }
    return MT_EXIT_PASSED;
}
