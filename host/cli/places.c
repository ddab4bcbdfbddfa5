/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/places.h"

#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"

/* The parent of the folder that holds this program. */
static char *find_prefix(void)
{
    char path[4096];
    ssize_t size = readlink("/proc/self/exe", path, sizeof(path) - 1);

    path[size > 0 ? size : 0] = '\0';
    for (int i = 0; i < 2; i++) {
        char *slash = strrchr(path, '/');
        if (slash != NULL) {
            *slash = '\0';
        }
    }
    return mt_text_copy(path);
}

char *mt_place_library(const char *relative)
{
    static const char *const folders[] = {"lib/" MT_LIBRARY_ARCHITECTURE, "lib64", "lib"};
    enum { FOLDERS = sizeof(folders) / sizeof(folders[0]) };
    MT_AUTO_FREE char *prefix = find_prefix();

    for (size_t i = 0; i + 1 < FOLDERS; i++) {
        MT_AUTO_FREE char *worker = mt_text("%s/%s/migtest/migtest-worker", prefix, folders[i]);
        if (access(worker, F_OK) == 0) {
            return mt_text("%s/%s/migtest/%s", prefix, folders[i], relative);
        }
    }
    return mt_text("%s/%s/migtest/%s", prefix, folders[FOLDERS - 1], relative);
}

char *mt_place_share(const char *relative)
{
    MT_AUTO_FREE char *prefix = find_prefix();

    return mt_text("%s/share/migtest/%s", prefix, relative);
}
