/* SPDX-License-Identifier: Apache-2.0 */
/* migtest reads a plugin's file before the file is loaded, so the file may have any bytes. */
#include <stdlib.h>

#include "base/cleanup.h"
#include "survey/elf_note.h"
#include "tests/fuzz/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    struct mt_plugin_note note;
    struct mt_fuzz_input input = mt_fuzz_input_open(bytes, size);

    if (mt_elf_check_plugin(input.path, &note, &error) < 0 && error.text == NULL) {
        abort();
    }
    mt_fuzz_input_close(&input);
    return 0;
}
