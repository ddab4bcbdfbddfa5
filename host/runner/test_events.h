/* SPDX-License-Identifier: Apache-2.0 */
/* The events of an attempt while its worker is at work: what the worker's records become. */
#ifndef MT_RUNNER_TEST_EVENTS_H
#define MT_RUNNER_TEST_EVENTS_H

#include "runner/test_process.h"

/* An event with the names of the test, its repetition and its attempt. They are borrowed. */
struct mt_event mt_test_event_of(const struct mt_test_process *process, enum mt_event_kind kind);

/* Tells the event that a record stands for, if any, and keeps what the attempt's end needs of it.
 */
void mt_test_events_take(struct mt_test_process *process, const struct mt_record *record);

/* Tells that the attempt takes long, and what it waits for. */
void mt_test_events_tell_slow(struct mt_test_process *process);

#endif
