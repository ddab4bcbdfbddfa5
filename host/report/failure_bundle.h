/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The folder in which all stands that is known of an attempt that went wrong. A worker records its
 * QEMUs in there as it goes, so it outlives the worker, and the host; when the attempt went well
 * the folder is taken away.
 */
#ifndef MT_REPORT_FAILURE_BUNDLE_H
#define MT_REPORT_FAILURE_BUNDLE_H

#include "base/text.h"
#include "journal/event.h"

/*
 * Puts words to what is there: failure.txt and migration.txt. `waiting` is what it waited for most
 * lately (NULL: nothing), `commands` the QEMUs that it started.
 */
int mt_failure_bundle_write(const char *folder, const struct mt_event *finished,
                            const char *waiting, const struct mt_strings *commands,
                            const char *reproduce, struct mt_error *error);

#endif
