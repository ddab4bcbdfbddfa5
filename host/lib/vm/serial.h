/* SPDX-License-Identifier: Apache-2.0 */
/* What the guest program says on its serial line, counted by kind as host/guest/contract.h has it.
 */
#ifndef MT_VM_SERIAL_H
#define MT_VM_SERIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "lib/vm/beats.h"
#include "lib/vm/recording.h"

#define MT_SERIAL_UNDER_WAY INT64_MAX

struct mt_serial {
    int fd;
    bool closed;
    uint64_t heard[256]; /* how often each byte has come, reports apart */
    struct mt_beats beats;
    int64_t empty_us; /* when the line was last found empty */
    /*
     * By the wall clock, when all that was sent was first seen to be in QEMU, though the guest may
     * not have read it yet; 0: nothing was sent; MT_SERIAL_UNDER_WAY: some of it is not.
     */
    int64_t taken_us;
    unsigned char reporting; /* which of the two kinds of report has begun, or 0 */
    bool reported;           /* and is complete */
    char report[80];
    size_t report_size;
    struct mt_recording recording;
};

void mt_serial_init(struct mt_serial *serial, int fd);
void mt_serial_clear(struct mt_serial *serial);

/* Reads what is there, and sees whether what was sent is taken; returns whether anything was there.
 */
bool mt_serial_receive(struct mt_serial *serial);

/* Sends a command byte, and what belongs to it, to the guest. */
int mt_serial_send(struct mt_serial *serial, const char *command, struct mt_error *error);

/* Fails when the guest has reported wrong memory or a wrong register, in words. */
int mt_serial_complaint(const struct mt_serial *serial, struct mt_error *error);

#endif
