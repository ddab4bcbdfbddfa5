/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fuzz/input.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct mt_fuzz_input mt_fuzz_input_open(const uint8_t *bytes, size_t size)
{
    struct mt_fuzz_input input = {.fd = memfd_create("input", MFD_CLOEXEC)};

    if (input.fd < 0 || write(input.fd, bytes, size) != (ssize_t)size) {
        perror("fuzz: cannot make a file in memory");
        exit(1);
    }
    snprintf(input.path, sizeof(input.path), "/proc/self/fd/%d", input.fd);
    return input;
}

void mt_fuzz_input_close(struct mt_fuzz_input *input)
{
    close(input->fd);
}
