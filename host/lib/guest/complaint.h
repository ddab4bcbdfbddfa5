/* SPDX-License-Identifier: Apache-2.0 */
/* The guest's complaints, in words. */
#ifndef MT_LIB_GUEST_COMPLAINT_H
#define MT_LIB_GUEST_COMPLAINT_H

#include <stdbool.h>

#include "base/error.h"

/* Whether a line of that kind is a complaint. */
bool mt_is_complaint(char kind);

/* Fails with what the complaint says. `fields` is the line without its kind. */
int mt_complain(char kind, const char *fields, struct mt_error *error);

#endif
