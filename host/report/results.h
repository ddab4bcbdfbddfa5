/* SPDX-License-Identifier: Apache-2.0 */
/* The events of a run, added up to suites and tests, with how each test ended. */
#ifndef MT_REPORT_RESULTS_H
#define MT_REPORT_RESULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "journal/test_index.h"
#include "journal/test_state.h"

/* A planned test, and what readers want to know about it. */
struct mt_case {
    struct mt_test_id id;
    struct mt_test_state state;
    struct mt_event started;   /* of the last attempt; of another kind if there was no attempt */
    struct mt_event *attempts; /* how each attempt ended, in order; without output if it was good */
    size_t attempt_count;
    struct mt_strings notes;       /* of the last attempt, "key: value" */
    struct mt_strings happenings;  /* the latest ones of the attempt that runs */
    struct mt_strings last_events; /* the happenings before the last attempt that went wrong */
    bool in_other_journal;         /* another journal of the list has the result */
};

struct mt_suite {
    const char *plugin;
    const char *group;
    size_t *cases; /* indices, in planned order */
    size_t count;
};

struct mt_counts {
    size_t tests;
    size_t passed; /* with the flaky ones */
    size_t flaky;  /* without those that have a quarantine */
    size_t failed;
    size_t errors;
    size_t skipped;
    size_t missing;     /* skips that count against max_skips */
    size_t undecided;   /* skips since the host gave the test too little processor time */
    size_t quarantined; /* neither failed nor errors includes these */
    double seconds;
};

struct mt_results {
    char *folder;             /* absolute path of the results folder; NULL: unknown */
    struct mt_event run;      /* run-started */
    struct mt_event finished; /* run-finished, if the run is over */
    bool over;
    struct mt_case *cases;
    size_t case_count;
    struct mt_test_index index; /* of cases */
    struct mt_suite *suites;
    size_t suite_count;
    struct mt_event *disabled; /* plugin-disabled */
    size_t disabled_count;
    int64_t not_selected;
};

/* Several runs that are reported as one: shards, nightlies. */
struct mt_results_list {
    struct mt_results *items;
    size_t count;
};

void mt_results_add(struct mt_results *results, const struct mt_event *event);

/* To be called when the journal has no more events: if the run had not ended, a repetition that was
 * under way counts, and hides those that passed. */
void mt_results_end(struct mt_results *results);
void mt_results_clear(struct mt_results *results);

/* The case of a test; NULL: the run has no such test. */
const struct mt_case *mt_results_find(const struct mt_results *results,
                                      const struct mt_test_id *id);

/* The event that says how the test ended; an empty event if the test has not ended. */
const struct mt_event *mt_case_ending(const struct mt_case *test);

/* How the test ended. A test that never ended is an error. */
enum mt_outcome mt_case_outcome(const struct mt_case *test);

/* The duration of all attempts together. */
double mt_case_seconds(const struct mt_case *test);

/* The event that names log and bundle of the last attempt, even if the host died during that
 * attempt. */
const struct mt_event *mt_case_traces(const struct mt_case *test);

/* What readers are told about the test; never NULL. */
const char *mt_case_message(const struct mt_case *test);

/* Whether more is known about the test than that the run, or the attempt, was ended early. */
bool mt_case_has_result(const struct mt_case *test);

/* Whether the run died, or was ended by a signal. */
bool mt_results_ended_early(const struct mt_results *results);

struct mt_counts mt_results_list_count(const struct mt_results_list *list);

/* Of the longest run, since shards run at the same time. */
double mt_results_list_seconds(const struct mt_results_list *list);

/* The number of tests that none of the shards has. */
int64_t mt_results_list_not_selected(const struct mt_results_list *list);

/* Why the run failed, even if none of its tests failed; NULL: the run did not fail by itself. */
const char *mt_results_judgement(const struct mt_results *results);

/* The number of runs that failed by themselves. */
size_t mt_results_list_judged(const struct mt_results_list *list);

struct mt_counts mt_results_count(const struct mt_results *results);
struct mt_counts mt_suite_count(const struct mt_results *results, const struct mt_suite *suite);

#endif
