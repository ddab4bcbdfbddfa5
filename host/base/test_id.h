/* SPDX-License-Identifier: Apache-2.0 */
/* Which test something is about. */
#ifndef MT_BASE_TEST_ID_H
#define MT_BASE_TEST_ID_H

/* Plugin and test together identify a test; the group says where reports show the test. The texts
 * belong to whoever fills in the struct. */
struct mt_test_id {
    const char *plugin;
    const char *group;
    const char *test;
};

/* PLUGIN:TEST, the name that users give to a test and that tests are found by. The caller frees
 * the name. */
char *mt_test_name(const struct mt_test_id *id);

#endif
