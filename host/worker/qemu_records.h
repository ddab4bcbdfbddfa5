/* SPDX-License-Identifier: Apache-2.0 */
/* What the host is told of the QEMUs that a job starts. */
#ifndef MT_WORKER_QEMU_RECORDS_H
#define MT_WORKER_QEMU_RECORDS_H

#include "lib/vm/observer.h"
#include "worker/records.h"

void mt_record_started(const struct mt_records *records, const struct mt_started_qemu *qemu);
void mt_record_greeted(const struct mt_records *records, const struct mt_greeted_qemu *qemu);

/* Nothing that the job says counts then; see struct mt_observer. */
void mt_record_environment(const struct mt_records *records, const char *what);

/* For an observer: text for the reader of a failure goes to the job's own output. */
void mt_log_text(void *data, const char *text);

#endif
