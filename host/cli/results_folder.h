/* SPDX-License-Identifier: Apache-2.0 */
/* Where a run's journal and logs go; those of the run before are kept beside it. */
#ifndef MT_CLI_RESULTS_FOLDER_H
#define MT_CLI_RESULTS_FOLDER_H

#include <stdbool.h>

#include "base/error.h"

/*
 * Makes PATH if it may, and keeps other runs from it until the descriptor is closed; -1 where there
 * is none and none may be made. Returns 1, with an error, where another run is in there.
 */
int mt_results_folder_take(const char *path, bool may_make, int *ret_fd, struct mt_error *error);

/* Makes PATH with an empty logs folder in it; what a run left there before is moved to
 * PATH.previous, or to PATH/previous where PATH is a mount. */
int mt_results_folder_prepare(const char *path, struct mt_error *error);

/* The same for a run that goes on with what is there. */
int mt_results_folder_go_on(const char *path, struct mt_error *error);

#endif
