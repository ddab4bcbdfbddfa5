/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The folder with all that is known about a failed attempt. A worker writes its recordings into
 * this folder while it runs, so they survive the worker and the host. The folder of an attempt that
 * passed is removed.
 */
#ifndef MT_REPORT_FAILURE_BUNDLE_H
#define MT_REPORT_FAILURE_BUNDLE_H

#include "base/text.h"
#include "journal/event.h"

/*
 * Writes failure.txt and migration.txt, which explain the recordings in the folder. `waiting` is
 * what the attempt waited for last (NULL: nothing), `commands` are the QEMUs that it started.
 */
int mt_failure_bundle_write(const char *folder, const struct mt_event *finished,
                            const char *waiting, const struct mt_strings *commands,
                            const char *reproduce, struct mt_error *error);

#endif
