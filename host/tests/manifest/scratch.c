/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/files.h"

int load_text(const char *text, const char *host, struct mt_manifest **ret_manifest,
              struct mt_error *error)
{
    char path[] = "/tmp/manifest-test-XXXXXX";
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    close(fd);
    int result = mt_file_write(path, text, strlen(text), error);
    if (result == 0) {
        result = mt_manifest_load(path, host, ret_manifest, error);
    }
    unlink(path);
    if (result < 0 && strncmp(error->text, path, strlen(path)) == 0) {
        const char *rest = error->text + strlen(path) + 1;
        memmove(error->text, rest, strlen(rest) + 1);
    }
    return result;
}

struct mt_manifest *loaded(const char *text, const char *host)
{
    struct mt_manifest *manifest = NULL;
    MT_AUTO_ERROR struct mt_error error = {0};

    if (load_text(text, host, &manifest, &error) < 0) {
        print_error("%s\n", mt_error_text(&error));
        fail();
    }
    return manifest;
}
