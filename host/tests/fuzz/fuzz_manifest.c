/* SPDX-License-Identifier: Apache-2.0 */
/* Loads a manifest of any bytes on two hosts, and prints the manifest if it is valid. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "manifest/manifest.h"
#include "tests/fuzz/input.h"

static void load(const char *path, const char *host, FILE *nowhere)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    struct mt_manifest *manifest = NULL;

    if (mt_manifest_load(path, host, &manifest, &error) == 0) {
        mt_manifest_print(manifest, nowhere);
        mt_manifest_destroy(manifest);
    } else if (error.text == NULL || strchr(error.text, '\n') != NULL) {
        /* The error of a refused manifest is one line. */
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct mt_fuzz_input input = mt_fuzz_input_open(bytes, size);
    MT_AUTO_FILE FILE *nowhere = fopen("/dev/null", "we");

    load(input.path, "builder-1", nowhere);
    load(input.path, "kvm-1", nowhere);
    mt_fuzz_input_close(&input);
    return 0;
}
