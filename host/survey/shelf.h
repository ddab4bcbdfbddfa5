/* SPDX-License-Identifier: Apache-2.0 */
/* The user's shelf of QEMUs (migtest qemu), and which program the name of a QEMU stands for. */
#ifndef MT_SURVEY_SHELF_H
#define MT_SURVEY_SHELF_H

#include "base/error.h"
#include "base/text.h"

struct mt_shelf_entry {
    char *path;    /* of the wrapper that starts it */
    char *program; /* the QEMU itself; NULL where the entry does not say */
    char *suite;   /* it was fetched from there; NULL: it is the user's own */
    char *package; /* name and version; NULL: it is of none that is known */
};

/* Where the shelf is; NULL: the user has no cache. The caller frees it. */
char *mt_shelf_folder(void);

/* What is on it, in order. */
void mt_shelf_names(struct mt_strings *ret_names);

/*
 * Reads an entry, and sees that the files that it starts with are there. On failure the error says
 * what is missing and how to get it again; what is known of the entry is returned even then, and
 * cleared by the caller in either case.
 */
int mt_shelf_read(const char *name, struct mt_shelf_entry *ret_entry, struct mt_error *error);
void mt_shelf_clear(struct mt_shelf_entry *entry);

/*
 * The file that a manifest or an option means by a QEMU's name, for exec: what has a slash is a
 * path, what is on the shelf is that, and all else is looked for on the PATH. The error suggests
 * what may have been meant. The caller frees the path.
 */
int mt_qemu_find(const char *name, char **ret_path, struct mt_error *error);

/*
 * "; what to do" where the fault of a program is that the loader finds not all of what it needs,
 * and it is of the shelf; "" else. The caller frees it.
 */
char *mt_shelf_remedy(const char *path, const char *fault);

#endif
