/* SPDX-License-Identifier: Apache-2.0 */
#include "survey/shelf.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/suggest.h"

static const char wrapper[] = "qemu-system-x86_64";

/* Suites of Debian. */
static const char *const suites[] = {"bullseye", "bookworm",     "trixie",   "forky",  "sid",
                                     "stable",   "testing",      "unstable", "buster", "oldstable",
                                     "duke",     "experimental", NULL};

static const char *const overlays[] = {
    "", "-backports", "-security", "-updates", "-proposed-updates", "-backports-sloppy", NULL};

char *mt_shelf_folder(void)
{
    const char *own = getenv("MIGTEST_SHELF");
    const char *cache = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");

    if (own != NULL && own[0] != '\0') {
        return mt_text_copy(own);
    }
    if (cache != NULL && cache[0] == '/') {
        return mt_text("%s/migtest/qemu", cache);
    }
    return home != NULL && home[0] == '/' ? mt_text("%s/.cache/migtest/qemu", home) : NULL;
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

void mt_shelf_names(struct mt_strings *ret_names)
{
    MT_AUTO_FREE char *folder = mt_shelf_folder();
    MT_AUTO_DIR DIR *directory = folder != NULL ? opendir(folder) : NULL;
    const struct dirent *entry;

    *ret_names = (struct mt_strings){0};
    while (directory != NULL && (entry = readdir(directory)) != NULL) {
        if (entry->d_name[0] != '.') {
            mt_strings_add(ret_names, "%s", entry->d_name);
        }
    }
    if (ret_names->count > 1) {
        qsort(ret_names->items, ret_names->count, sizeof(*ret_names->items), compare_names);
    }
}

static bool is_in_list(const char *const *list, const char *word, size_t length)
{
    for (; *list != NULL; list++) {
        if (strlen(*list) == length && strncmp(*list, word, length) == 0) {
            return true;
        }
    }
    return false;
}

static bool looks_like_suite(const char *name)
{
    size_t base = strcspn(name, "-");

    return is_in_list(suites, name, base) && is_in_list(overlays, name + base, strlen(name + base));
}

/* The command that puts an entry of that name on the shelf. */
static char *command_for(const char *name, bool fetched)
{
    return fetched ? mt_text("migtest qemu fetch %s", name)
                   : mt_text("migtest qemu add %s FILE", name);
}

static int fail_broken(const char *name, const struct mt_shelf_entry *entry, const char *what,
                       struct mt_error *error)
{
    bool fetched = entry->suite != NULL || (entry->program == NULL && looks_like_suite(name));
    MT_AUTO_FREE char *command = command_for(name, fetched);

    return mt_fail(error, "the shelf's %s is not whole: %s; %s replaces it", name, what, command);
}

static void entry_keep(char **text, const char *value)
{
    free(*text);
    *text = mt_text_copy(value);
}

/* Reads one line of the entry's file. A relative path starts at the entry's folder. */
static void entry_read_line(const char *folder, char *line, struct mt_shelf_entry *entry,
                            char **ret_missing)
{
    static const char *const files[] = {"program", "loader", "library", NULL};
    char *equals = strchr(line, '=');

    if (equals == NULL) {
        return;
    }
    *equals = '\0';
    const char *value = equals + 1;
    if (strcmp(line, "suite") == 0) {
        entry_keep(&entry->suite, value);
    } else if (strcmp(line, "package") == 0) {
        entry_keep(&entry->package, value);
    } else if (is_in_list(files, line, strlen(line))) {
        MT_AUTO_FREE char *path =
            value[0] == '/' ? mt_text_copy(value) : mt_text("%s/%s", folder, value);
        if (*ret_missing == NULL && access(path, R_OK) < 0) {
            *ret_missing = mt_text("%s is gone", value);
        }
        if (strcmp(line, "program") == 0) {
            entry_keep(&entry->program, path);
        }
    }
}

static int entry_read_file(const char *name, const char *folder, struct mt_shelf_entry *entry,
                           struct mt_error *error)
{
    MT_AUTO_ERROR struct mt_error why = {0};
    MT_AUTO_FREE char *path = mt_text("%s/entry", folder);
    MT_AUTO_FREE char *text = NULL;
    MT_AUTO_FREE char *missing = NULL;
    char *rest = NULL;

    if (mt_file_read(path, 1024 * 1024, &text, NULL, &why) < 0) {
        return fail_broken(name, entry, mt_error_text(&why), error);
    }
    for (char *line = strtok_r(text, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        entry_read_line(folder, line, entry, &missing);
    }
    if (missing == NULL && access(entry->path, X_OK) < 0) {
        missing = mt_text("%s is gone", wrapper);
    }
    if (missing == NULL && entry->program == NULL) {
        missing = mt_text_copy("its file names no program");
    }
    return missing == NULL ? 0 : fail_broken(name, entry, missing, error);
}

int mt_shelf_read(const char *name, struct mt_shelf_entry *ret_entry, struct mt_error *error)
{
    MT_AUTO_FREE char *shelf = mt_shelf_folder();
    MT_AUTO_FREE char *folder = mt_text("%s/%s", shelf != NULL ? shelf : "", name);

    *ret_entry = (struct mt_shelf_entry){.path = mt_text("%s/%s", folder, wrapper)};
    return entry_read_file(name, folder, ret_entry, error);
}

void mt_shelf_clear(struct mt_shelf_entry *entry)
{
    free(entry->path);
    free(entry->program);
    free(entry->suite);
    free(entry->package);
    *entry = (struct mt_shelf_entry){0};
}

static bool is_on_shelf(const char *name)
{
    struct mt_strings names;

    mt_shelf_names(&names);
    bool found = mt_strings_contain(&names, name);
    mt_strings_clear(&names);
    return found;
}

/*
 * The name of the entry whose wrapper `path` is; NULL: there is none. The entry's name is used
 * since the path without links changes with each fetch, which makes a folder of another name.
 */
static char *entry_of(const char *path)
{
    MT_AUTO_FREE char *shelf = mt_shelf_folder();
    MT_AUTO_FREE char *real = realpath(path, NULL);
    struct mt_strings names;
    char *found = NULL;

    mt_shelf_names(&names);
    for (size_t i = 0; real != NULL && found == NULL && i < names.count; i++) {
        MT_AUTO_FREE char *entry = mt_text("%s/%s/%s", shelf, names.items[i], wrapper);
        MT_AUTO_FREE char *entry_real = realpath(entry, NULL);
        if (entry_real != NULL && strcmp(entry_real, real) == 0) {
            found = mt_text_copy(names.items[i]);
        }
    }
    mt_strings_clear(&names);
    return found;
}

char *mt_shelf_remedy(const char *path, const char *fault)
{
    const bool by_loader = strstr(fault, "error while loading shared libraries") != NULL ||
                           strstr(fault, "symbol lookup error") != NULL;
    MT_AUTO_FREE char *name = by_loader ? entry_of(path) : NULL;
    MT_AUTO_ERROR struct mt_error ignored = {0};
    struct mt_shelf_entry entry;

    if (name == NULL) {
        return mt_text_copy("");
    }
    mt_shelf_read(name, &entry, &ignored);
    MT_AUTO_FREE char *command = command_for(name, entry.suite != NULL);
    mt_shelf_clear(&entry);
    return mt_text("; it is the shelf's %s, which %s replaces", name, command);
}

static int find_entry(const char *name, char **ret_path, struct mt_error *error)
{
    struct mt_shelf_entry entry;
    int result = mt_shelf_read(name, &entry, error);

    if (result == 0) {
        *ret_path = mt_take_pointer(entry.path);
    }
    mt_shelf_clear(&entry);
    return result;
}

static int find_file(const char *name, char **ret_path, struct mt_error *error)
{
    MT_AUTO_FREE char *entry = entry_of(name);
    struct stat status;

    if (entry != NULL) {
        return find_entry(entry, ret_path, error);
    }
    if (stat(name, &status) == 0 && S_ISDIR(status.st_mode)) {
        return mt_fail(error, "%s is a folder; expected a QEMU", name);
    }
    if (access(name, X_OK) < 0) {
        return mt_fail_errno(error, "cannot run %s", name);
    }
    *ret_path = realpath(name, NULL);
    return *ret_path != NULL ? 0 : mt_fail_errno(error, "cannot run %s", name);
}

static int fail_unknown_qemu(const char *name, struct mt_error *error)
{
    struct mt_strings names;

    mt_shelf_names(&names);
    mt_strings_add(&names, "%s", wrapper);
    const char *near = mt_suggest(name, (const char *const *)names.items);
    const char *suite = mt_suggest(name, suites);
    if (looks_like_suite(name)) {
        mt_fail(error, "there is no %s on the shelf or the PATH; migtest qemu fetch %s gets it",
                name, name);
    } else if (near != NULL) {
        mt_fail(error, "there is no %s on the shelf or the PATH; did you mean \"%s\"?", name, near);
    } else if (suite != NULL) {
        mt_fail(error,
                "there is no %s on the shelf or the PATH; did you mean \"%s\"? migtest qemu fetch "
                "%s gets it",
                name, suite, suite);
    } else {
        mt_fail(error, "there is no %s on the shelf or the PATH", name);
    }
    mt_strings_clear(&names);
    return -1;
}

int mt_qemu_find(const char *name, char **ret_path, struct mt_error *error)
{
    if (strchr(name, '/') != NULL) {
        return find_file(name, ret_path, error);
    }
    if (is_on_shelf(name)) {
        return find_entry(name, ret_path, error);
    }
    *ret_path = mt_program_find(name);
    return *ret_path != NULL ? 0 : fail_unknown_qemu(name, error);
}
