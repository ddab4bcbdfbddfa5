/* SPDX-License-Identifier: Apache-2.0 */
#include "survey/cache.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"

/* When the layout of the cache changes, this name changes, too. */
static const char layout[] = "migtest/1";

static const size_t size_limit = 4 * 1024 * 1024;

static char *folder_path(void)
{
    const char *cache = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");

    if (cache != NULL && cache[0] == '/') {
        return mt_text("%s/%s", cache, layout);
    }
    return home != NULL && home[0] == '/' ? mt_text("%s/.cache/%s", home, layout) : NULL;
}

static char *file_path(const char *kind, const char *key)
{
    MT_AUTO_FREE char *folder = folder_path();

    if (folder == NULL) {
        return NULL;
    }
    /* The hash only names the file. The file holds the whole key, which is compared. */
    return mt_text("%s/%s-%016llx.json", folder, kind, (unsigned long long)mt_hash(key));
}

json_t *mt_cache_get(const char *kind, const char *key)
{
    MT_AUTO_FREE char *path = file_path(kind, key);
    MT_AUTO_FREE char *text = NULL;
    MT_AUTO_ERROR struct mt_error ignored = {0};

    if (path == NULL || mt_file_read(path, size_limit, &text, NULL, &ignored) < 0) {
        return NULL;
    }
    json_t *entry = json_loads(text, 0, NULL);
    const char *stored_key = mt_json_find_text(entry, "key");
    json_t *value = NULL;
    if (stored_key != NULL && strcmp(stored_key, key) == 0) {
        value = json_incref(json_object_get(entry, "value"));
    }
    json_decref(entry);
    return value;
}

/* After a reboot, or with a new QEMU, nobody asks for the earlier entries again. */
static void remove_old(const char *folder)
{
    const time_t oldest = time(NULL) - (time_t)90 * 24 * 60 * 60;
    MT_AUTO_DIR DIR *entries = opendir(folder);
    const struct dirent *entry;
    struct stat status;

    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        if (fstatat(dirfd(entries), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(status.st_mode) && status.st_mtime < oldest) {
            unlinkat(dirfd(entries), entry->d_name, 0);
        }
    }
}

void mt_cache_put(const char *kind, const char *key, json_t *value)
{
    MT_AUTO_FREE char *folder = folder_path();
    MT_AUTO_FREE char *path = file_path(kind, key);
    MT_AUTO_ERROR struct mt_error ignored = {0};
    json_t *entry = json_pack("{s:s, s:O}", "key", key, "value", value);

    if (entry == NULL) {
        return;
    }
    MT_AUTO_FREE char *text = json_dumps(entry, JSON_COMPACT);
    json_decref(entry);
    if (path != NULL && text != NULL && mt_folder_make(folder, &ignored) == 0) {
        remove_old(folder);
        mt_file_write(path, text, strlen(text), &ignored);
    }
}

char *mt_cache_file_identity(const char *path)
{
    struct stat status;

    if (stat(path, &status) < 0) {
        return mt_text("%s", path);
    }
    return mt_text("%s size %lld time %lld.%09ld", path, (long long)status.st_size,
                   (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
}
