/* SPDX-License-Identifier: Apache-2.0 */
/* The folder of a run's journal and logs. The results of the run before are kept beside it. */
#ifndef MT_CLI_RESULTS_FOLDER_H
#define MT_CLI_RESULTS_FOLDER_H

#include <stdbool.h>

#include "base/error.h"

/*
 * Locks PATH against other runs until `ret_fd` is closed. Makes the folder first if `may_make`;
 * else, if there is no such folder, succeeds with a `ret_fd` of -1. Returns 1 with an error if
 * another run has the lock.
 */
int mt_results_folder_lock(const char *path, bool may_make, int *ret_fd, struct mt_error *error);

/*
 * Makes PATH with an empty folder for logs. Moves the results of an earlier run to PATH.previous,
 * or to PATH/previous if PATH is a mount.
 */
int mt_results_folder_prepare(const char *path, struct mt_error *error);

/* Prepares PATH for a run that resumes the run whose results are there. */
int mt_results_folder_resume(const char *path, struct mt_error *error);

#endif
