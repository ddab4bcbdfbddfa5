/* SPDX-License-Identifier: Apache-2.0 */
/* The user's shelf of QEMUs (migtest qemu), and the program that a QEMU's name stands for. */
#ifndef MT_SURVEY_SHELF_H
#define MT_SURVEY_SHELF_H

#include "base/error.h"
#include "base/text.h"

struct mt_shelf_entry {
    char *path;    /* of the wrapper that starts the QEMU */
    char *program; /* the QEMU itself; NULL: the entry does not say */
    char *suite;   /* the suite that it was fetched from; NULL: the user added it */
    char *package; /* name and version; NULL: unknown */
};

/* The folder of the shelf; NULL: the user has no cache. The caller frees it. */
char *mt_shelf_folder(void);

/* The names on the shelf, in alphabetical order. */
void mt_shelf_names(struct mt_strings *ret_names);

/*
 * Reads an entry, and checks that the files that the QEMU needs to start exist. On failure the
 * error says what is missing and how to get it again; `ret_entry` then holds the part that could be
 * read. The caller clears the entry in either case.
 */
int mt_shelf_read(const char *name, struct mt_shelf_entry *ret_entry, struct mt_error *error);
void mt_shelf_clear(struct mt_shelf_entry *entry);

/*
 * The file to execute for a QEMU's name in a manifest or an option. A name with a slash is a path;
 * otherwise the shelf is searched, and then the PATH. The error suggests a similar name. The caller
 * frees the path.
 */
int mt_qemu_find(const char *name, char **ret_path, struct mt_error *error);

/*
 * "; ..., which migtest qemu fetch NAME replaces", if `path` belongs to the shelf and `fault` says
 * that the loader lacks a library or a symbol; otherwise "". The caller frees the text.
 */
char *mt_shelf_remedy(const char *path, const char *fault);

#endif
