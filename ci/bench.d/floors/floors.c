/* SPDX-License-Identifier: Apache-2.0 */
/* floors bare-pair|by-hand|live QEMU MACHINE GUEST-FOLDER RAM-MIB, floors loopback|memcmp|compare
 */
#include "floors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

static int measure(int argc, char **argv, struct mt_error *error)
{
    if (argc == 6) {
        const struct floor_qemu qemu = {argv[2], argv[3], argv[4], atol(argv[5])};
        if (strcmp(argv[1], "bare-pair") == 0) {
            return floor_bare_pair(&qemu, error);
        }
        if (strcmp(argv[1], "by-hand") == 0) {
            return floor_by_hand(&qemu, error);
        }
        if (strcmp(argv[1], "live") == 0) {
            return floor_live(&qemu, error);
        }
    }
    if (argc == 2 && strcmp(argv[1], "loopback") == 0) {
        return floor_loopback(error);
    }
    if (argc == 2 && strcmp(argv[1], "memcmp") == 0) {
        return floor_memcmp(error);
    }
    if (argc == 2 && strcmp(argv[1], "compare") == 0) {
        return floor_compare(error);
    }
    return mt_fail(error, "see the first lines of ci/bench.d/floors/floors.c");
}

int main(int argc, char **argv)
{
    MT_AUTO_ERROR struct mt_error error = {0};

    if (measure(argc, argv, &error) < 0) {
        fprintf(stderr, "floors: %s\n", mt_error_text(&error));
        return 1;
    }
    return 0;
}
