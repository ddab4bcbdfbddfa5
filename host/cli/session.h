/* SPDX-License-Identifier: Apache-2.0 */
/* What every sub-command that looks at plugins or QEMUs sets up first. */
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

/* What differs from one sub-command to the next. */
struct mt_command {
    const char *name;
    const char *usage;
    const char *const *allowed; /* its options */
    enum mt_command_argument argument;
    int (*run)(struct mt_session *session, const struct mt_cli_options *options);
};

/* Options, session, the command itself, and the end of all that was started; the exit status. */
int mt_command_execute(int argc, char **argv, const struct mt_command *command);

/* Says what is wrong with plugins' options; returns -1 to go on, or an exit status. */
int mt_session_check_options(const struct mt_session *session);

/* How fast this host is with so many busy at once: waits until that has been measured. */
struct mt_calibration mt_session_calibrate(struct mt_session *session,
                                           struct mt_calibrator *calibrator, double at_once);

/* Says which files of a name were passed over. */
void mt_session_warn_shadowed(const struct mt_session *session,
                              void (*warn)(void *data, const char *text), void *data);

#endif
