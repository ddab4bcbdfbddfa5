/* SPDX-License-Identifier: Apache-2.0 */
/* Several runs that are reported as one: which of them has the result of a test. */
#ifndef MT_REPORT_MERGE_H
#define MT_REPORT_MERGE_H

#include "report/results.h"

/*
 * A run that ended early may lack results that another run of the same manifest and the same QEMUs
 * has. This function leaves such tests, and tests that passed in the run that ended early, to the
 * other journal. What went wrong in the run that ended early stays.
 */
void mt_results_list_merge(struct mt_results_list *list);

/* Whether the run lacked results, and other journals have all of these. To be called after
 * mt_results_list_merge. */
bool mt_results_are_completed(const struct mt_results *results);

/* Compares the manifests' names. A manifest without a name is compared by its file's name without
 * the folder, since each machine may have the manifest elsewhere. */
bool mt_results_have_same_manifest(const struct mt_results *left, const struct mt_results *right);

#endif
