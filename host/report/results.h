/* SPDX-License-Identifier: Apache-2.0 */
/* The events of a run added up: suites, their cases, and how each ended. */
#ifndef MT_REPORT_RESULTS_H
#define MT_REPORT_RESULTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "journal/event.h"

struct mt_case {
    struct mt_test_id id;
    struct mt_event started;  /* the last attempt's; kind other than STARTED: it never was */
    struct mt_event finished; /* what counts; `over` says whether it is there */
    bool over;
    size_t under_way;          /* attempts that began, and are not over */
    struct mt_event *attempts; /* how each ended, in order; the output of good ones is left out */
    size_t attempt_count;
    struct mt_strings notes;       /* "key: value" */
    struct mt_strings happenings;  /* the latest of the attempt that runs */
    struct mt_strings last_events; /* those before it went wrong */
    bool told_elsewhere;           /* another journal has its result */
};

struct mt_suite {
    const char *plugin;
    const char *group;
    size_t *cases; /* indices, in planned order */
    size_t count;
};

struct mt_counts {
    size_t tests;
    size_t passed; /* flaky ones among them */
    size_t flaky;  /* without those in quarantine */
    size_t failed;
    size_t errors;
    size_t skipped;
    size_t quarantined; /* neither failed nor errors count these */
    double seconds;
};

struct mt_results {
    char *folder;             /* the absolute path of the results' folder; NULL: not known */
    struct mt_event run;      /* run-started */
    struct mt_event finished; /* run-finished, where `over` */
    bool over;
    struct mt_case *cases;
    size_t case_count;
    json_t *index; /* of a case by "PLUGIN:NAME" */
    struct mt_suite *suites;
    size_t suite_count;
    struct mt_event *disabled; /* plugin-disabled */
    size_t disabled_count;
    int64_t not_selected;
    size_t lacks; /* skips that count against max_skips */
};

/* Several runs that are told as one: shards, nightlies. */
struct mt_results_list {
    struct mt_results *items;
    size_t count;
};

void mt_results_add(struct mt_results *results, const struct mt_event *event);
/* The journal has no more: a repetition that was under way then counts, and none that went well. */
void mt_results_end(struct mt_results *results);
void mt_results_clear(struct mt_results *results);

/*
 * passed, failed, error or skipped; a case that never ended is an error. Of several repetitions the
 * first that went wrong counts, and one that was cut off only where no other did.
 */
const char *mt_case_outcome(const struct mt_case *one);
/* It failed at first, and passed when it was tried again. */
bool mt_case_is_flaky(const struct mt_case *one);
/* It went wrong, as the manifest says it may. */
bool mt_case_is_quarantined(const struct mt_case *one);
/* An attempt that went wrong. */
bool mt_attempt_is_bad(const struct mt_event *finished);
/* What all its attempts took. */
double mt_case_seconds(const struct mt_case *one);
/* The event that names the log and the folder of the last attempt, though the host died in it. */
const struct mt_event *mt_case_traces(const struct mt_case *one);
/* What is to be said of it; never NULL. */
const char *mt_case_message(const struct mt_case *one);

/* Whether more is known of it than that the run ended first, by itself or not. */
bool mt_case_has_result(const struct mt_case *one);

/* Whether the run died, or was ended by a signal. */
bool mt_results_ended_early(const struct mt_results *results);
/* By the manifest's name, or its file's without the folder: each machine may have it elsewhere. */
bool mt_results_have_same_manifest(const struct mt_results *left, const struct mt_results *right);

/*
 * What a run that ended early lacks, and what passed in it, is left to a journal of the same
 * manifest that has a result. What went wrong in it stays.
 */
void mt_results_list_settle(struct mt_results_list *list);
struct mt_counts mt_results_list_count(const struct mt_results_list *list);
/* Shards run at the same time, so the longest is what was waited for. */
double mt_results_list_seconds(const struct mt_results_list *list);
/* Tests that none of the shards has. */
int64_t mt_results_list_not_selected(const struct mt_results_list *list);

/* Why a run failed, though none of its tests may have; NULL: it did not by itself. */
const char *mt_results_judgement(const struct mt_results *results);
size_t mt_results_list_judged(const struct mt_results_list *list);

struct mt_counts mt_results_count(const struct mt_results *results);
struct mt_counts mt_suite_count(const struct mt_results *results, const struct mt_suite *suite);

#endif
