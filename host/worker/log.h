/* SPDX-License-Identifier: Apache-2.0 */
/* The job's own output, which becomes the log of the test. */
#ifndef MT_WORKER_LOG_H
#define MT_WORKER_LOG_H

/* For an observer of the library: writes text for the reader of a failure. `data` is not used. */
void mt_log_text(void *data, const char *text);

#endif
