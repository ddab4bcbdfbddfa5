/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the migrations of one side are set to. Callers say what the side shall have; a call to apply
 * then sends QEMU what is different from that, and reads it back, as QEMU may accept a setting that
 * it does not keep.
 */
#ifndef MT_PAIR_SETTINGS_H
#define MT_PAIR_SETTINGS_H

#include <jansson.h>
#include <stdint.h>

#include "base/error.h"
#include "lib/vm/vm.h"

/* Each kind has its own pair of QMP commands, one that sets and one that queries. */
enum mt_setting_kind { MT_CAPABILITY, MT_PARAMETER, MT_SETTING_KINDS };

/* Values by name, for each kind a JSON object. */
struct mt_settings {
    json_t *values[MT_SETTING_KINDS];
};

struct mt_settings mt_settings_new(void);
void mt_settings_clear(struct mt_settings *settings);

/* Takes over `value`. Fails where the name or the value is NULL or not UTF-8. */
int mt_settings_set(struct mt_settings *settings, enum mt_setting_kind kind, const char *name,
                    json_t *value, struct mt_error *error);
void mt_settings_remove(struct mt_settings *settings, enum mt_setting_kind kind, const char *name);

/* All settings of that kind that a QEMU has, by name; the caller's. */
int mt_settings_query(struct mt_vm *vm, enum mt_setting_kind kind, json_t **ret_values,
                      struct mt_error *error);

/* The settings of one side: what it shall have, and what its QEMU has. */
struct mt_side_settings {
    struct mt_settings test;      /* what the test has asked for */
    struct mt_settings migration; /* what the latest migration needs; counts more than the test's */
    struct mt_settings initial;   /* what the QEMU had of each before it was first set */
    struct mt_settings current;   /* what the QEMU has of each */
};

struct mt_side_settings mt_side_settings_new(void);
void mt_side_settings_clear(struct mt_side_settings *settings);

/* The side has another QEMU, of which nothing is known yet. */
void mt_side_settings_forget_qemu(struct mt_side_settings *settings);

/*
 * Sets in `vm` what the side shall have: the migration's settings, else the test's; what neither of
 * them mentions any more becomes again what it was before. One command for each kind that differs.
 */
int mt_side_settings_apply(struct mt_side_settings *settings, struct mt_vm *vm,
                           struct mt_error *error);

/* Finds what the QEMU had before it was first set. *ret_value is lent, and NULL where the QEMU has
 * no such setting. */
int mt_side_settings_find_initial(struct mt_side_settings *settings, struct mt_vm *vm,
                                  enum mt_setting_kind kind, const char *name,
                                  const json_t **ret_value, struct mt_error *error);

#endif
