/* SPDX-License-Identifier: Apache-2.0 */
/* The backtrace that a crash leaves, for the reader of a failure. */
#ifndef MT_PROCESS_CRASH_H
#define MT_PROCESS_CRASH_H

#include "lib/process/process.h"

/*
 * After the end of a process: writes the backtrace if the process has crashed and a backtrace was
 * requested. Where none is to be had, the file says why.
 */
void mt_process_explain_crash(const struct mt_process *process);

#endif
