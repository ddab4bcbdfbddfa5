/* SPDX-License-Identifier: Apache-2.0 */
/* The input of the fuzzer as a file in memory, for readers that need a path. */
#ifndef MT_TESTS_FUZZ_INPUT_H
#define MT_TESTS_FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>

struct mt_fuzz_input {
    int fd;
    char path[64];
};

struct mt_fuzz_input mt_fuzz_input_open(const uint8_t *bytes, size_t size);
void mt_fuzz_input_close(struct mt_fuzz_input *input);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#endif
