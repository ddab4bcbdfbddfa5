/* SPDX-License-Identifier: Apache-2.0 */
/* What this machine does at best: each prints its figures on one line, numbers only. */
#ifndef MT_CI_FLOORS_H
#define MT_CI_FLOORS_H

#include "base/error.h"

struct floor_qemu {
    const char *binary;
    const char *machine;
    const char *guest_folder;
    long ram_mib;
};

/* Two QEMUs started together, both at their guest's first byte, then `quit`: ms, and ms of CPU. */
int floor_bare_pair(const struct floor_qemu *floor, struct mt_error *error);

/*
 * A migration over TCP by QMP alone, of a stopped guest or of one that dirties its memory during
 * two passes over it: QEMU's own ms, and ms of CPU of both QEMUs.
 */
int floor_by_hand(const struct floor_qemu *floor, struct mt_error *error);
int floor_live(const struct floor_qemu *floor, struct mt_error *error);

/* MB/s of two processes over 127.0.0.1, and of comparing memory with that of another process. */
int floor_loopback(struct mt_error *error);
int floor_memcmp(struct mt_error *error);
int floor_compare(struct mt_error *error);

#endif
