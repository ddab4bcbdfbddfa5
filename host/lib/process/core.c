/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/process/core.h"

#include <fnmatch.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/text.h"

static char *read_setting(const char *name)
{
    MT_AUTO_ERROR struct mt_error ignored = {0};
    MT_AUTO_FREE char *path = mt_text("/proc/sys/kernel/%s", name);
    char *text = NULL;

    if (mt_file_read(path, 4096, &text, NULL, &ignored) < 0) {
        return mt_text_copy("");
    }
    text[strcspn(text, "\n")] = '\0';
    return text;
}

/*
 * Turns the kernel's pattern, "core.%e.%p", into a pattern for fnmatch. Of the process only its
 * number is known; everything else may be any text. `pid` -1: the number may be any text, too.
 */
static char *core_file_pattern(const char *pattern, pid_t pid)
{
    char *name = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&name, &size);

    for (const char *at = pattern; *at != '\0'; at++) {
        if (*at == '%' && at[1] == '%') {
            fputc(*++at, out);
        } else if (*at == '%' && at[1] == 'p' && pid > 0) {
            at++;
            fprintf(out, "%d", (int)pid);
        } else if (*at == '%' && at[1] != '\0') {
            at++;
            fputc('*', out);
        } else {
            fprintf(out, strchr("*?[\\", *at) != NULL ? "\\%c" : "%c", *at);
        }
    }
    fclose(out);
    return name;
}

static char *core_find(const struct mt_core *core, pid_t pid)
{
    MT_AUTO_FREE char *name = core_file_pattern(core->name, pid);
    MT_AUTO_DIR DIR *dir = opendir(core->folder);
    const struct dirent *entry;

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        if (fnmatch(name, entry->d_name, FNM_PERIOD) == 0) {
            return mt_text("%s/%s", core->folder, entry->d_name);
        }
    }
    return NULL;
}

char *mt_core_find(const struct mt_core *core, pid_t pid)
{
    return core->why_not == NULL ? core_find(core, pid) : NULL;
}

static void core_split(struct mt_core *core, const char *pattern)
{
    MT_AUTO_FREE char *here = realpath(".", NULL);
    MT_AUTO_FREE char *uses_pid = read_setting("core_uses_pid");
    const char *slash = strrchr(pattern, '/');
    const char *name = slash != NULL ? slash + 1 : pattern;
    bool add_pid = strcmp(uses_pid, "1") == 0 && strstr(name, "%p") == NULL;

    core->name = mt_text("%s%s", name, add_pid ? ".%p" : "");
    core->folder = slash == NULL       ? mt_text_copy(here != NULL ? here : ".")
                   : pattern[0] == '/' ? mt_text("%.*s", (int)(slash - pattern), pattern)
                                       : mt_text("%s/%.*s", here, (int)(slash - pattern), pattern);
}

/*
 * Why the kernel would leave no core there that is known to be ours; NULL: it would. Without the
 * process's number in its name, our core looks like a core that was there before.
 */
static char *why_no_core(const struct mt_core *core)
{
    struct rlimit limit;
    MT_AUTO_FREE char *there = strstr(core->name, "%p") == NULL ? core_find(core, -1) : NULL;
    MT_AUTO_FREE char *debugger = mt_program_find(MT_DEBUGGER);

    if (getrlimit(RLIMIT_CORE, &limit) < 0 || limit.rlim_max == 0) {
        return mt_text("the hard limit of core files' size is 0 here (ulimit -H -c)");
    }
    if (strchr(core->folder, '%') != NULL) {
        return mt_text("cores are spread over folders here (kernel.core_pattern)");
    }
    if (there != NULL) {
        return mt_text("a core of some other process stands in the way: %s", there);
    }
    if (debugger == NULL) {
        return mt_text(MT_DEBUGGER " is not installed");
    }
    return NULL;
}

void mt_core_expect(struct mt_core *ret_core)
{
    MT_AUTO_FREE char *pattern = read_setting("core_pattern");
    struct mt_core core = {0};

    if (pattern[0] == '|') {
        core.why_not = mt_text(
            "the kernel gives cores to a program here (kernel.core_pattern: "
            "%s), which may tell more%s",
            pattern,
            strstr(pattern, "systemd-coredump") != NULL ? "; ask it by: coredumpctl info PID" : "");
    } else if (pattern[0] == '\0') {
        core.why_not = mt_text_copy("the kernel leaves no cores here (kernel.core_pattern)");
    } else {
        core_split(&core, pattern);
        core.why_not = why_no_core(&core);
    }
    *ret_core = core;
}

void mt_core_clear(struct mt_core *core)
{
    free(core->folder);
    free(core->name);
    free(core->why_not);
    *core = (struct mt_core){0};
}
