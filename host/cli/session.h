/* SPDX-License-Identifier: Apache-2.0 */
/* What every command that needs plugins or QEMUs sets up first. */
#ifndef MT_CLI_SESSION_H
#define MT_CLI_SESSION_H

#include <uv.h>

#include "cli/options.h"
#include "runner/calibrate.h"
#include "survey/survey.h"

struct mt_session {
    uv_loop_t loop;
    struct mt_workers workers;
    struct mt_strings folders; /* the plugin path */
    struct mt_manifest *manifest;
    struct mt_survey survey;
};

/* What a command takes beside its options. */
enum mt_command_argument {
    MT_ARGUMENT_MANIFEST,          /* without one, the manifest that is built in */
    MT_ARGUMENT_MANIFEST_REQUIRED, /* the user's */
    MT_ARGUMENT_PLUGIN_FILE,       /* with the manifest that is built in */
    MT_ARGUMENT_NONE,              /* and no manifest */
};

/* The properties of such a command. */
struct mt_command {
    const char *name;
    const char *usage;
    const char *const *allowed; /* the long options that it accepts */
    enum mt_command_argument argument;
    int (*run)(struct mt_session *session, const struct mt_cli_options *options);
};

/* Parses the options, sets up the session, runs the command and ends the session. Returns the exit
 * status. */
int mt_command_execute(int argc, char **argv, const struct mt_command *command);

/* Prints what is wrong with the plugins' options. Returns -1 to go on, or an exit status. */
int mt_session_check_options(const struct mt_session *session);

/*
 * How fast this host is while `at_once` tests or busy loops run at once. Waits until the calibrator
 * has measured.
 */
struct mt_calibration mt_session_calibrate(struct mt_session *session,
                                           struct mt_calibrator *calibrator, double at_once);

/* Warns of plugin files that another file of the same name hides. */
void mt_session_warn_shadowed(const struct mt_session *session,
                              void (*warn)(void *data, const char *text), void *data);

#endif
