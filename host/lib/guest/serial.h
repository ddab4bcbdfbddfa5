/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the guest program says on its serial line, by kind as host/guest/contract.h has it. Until it
 * has greeted nothing on the line is believed, and kept for messages alone.
 */
#ifndef MT_LIB_GUEST_SERIAL_H
#define MT_LIB_GUEST_SERIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "guest/contract.h"
#include "lib/guest/beats.h"
#include "lib/guest/cpuid.h"
#include "protocol/recording.h"

#define MT_GUEST_TAGS 16

/* How far the guest's words have been read: this goes with the guest when it migrates. */
struct mt_guest_speech {
    bool greeted;
    size_t matched; /* bytes of the mark */
    char line[MT_GUEST_LINE_SIZE + 1];
    size_t line_size;
};

struct mt_serial {
    int fd;
    bool closed;
    struct mt_guest_speech speech;
    /* The line that the guest has spoken on so far, where it may be migrated to this one; NULL: it
     * starts here, or has come already. */
    struct mt_serial *comes_from;
    bool has_come;       /* by a migration */
    uint64_t heard[256]; /* how often each byte, or each kind of line, has come from the guest */
    struct mt_beats beats;
    int64_t empty_us;                /* when the line was last found empty */
    uint64_t done[MT_GUEST_TAGS];    /* answers by their tag: it was obeyed, */
    uint64_t unknown[MT_GUEST_TAGS]; /* or it could not be */
    struct mt_cpuid cpuid;
    char complaint_kind; /* 0: there is none */
    char complaint[MT_GUEST_LINE_SIZE + 1];
    char noise[512]; /* the first of what came before the greeting, and is not the guest's */
    size_t noise_size;
    struct mt_recording recording;
};

void mt_serial_init(struct mt_serial *serial, int fd);
void mt_serial_clear(struct mt_serial *serial);

/* Reads what is there; returns whether anything was there. */
bool mt_serial_receive(struct mt_serial *serial);

/* How often the guest has started on this line: fresh, by a reset, or by a wake. */
uint64_t mt_serial_starts(const struct mt_serial *serial);

/* Sends a command byte, and what belongs to it, to the guest. */
int mt_serial_send(struct mt_serial *serial, const char *command, struct mt_error *error);

/* Fails when the guest has complained, in words. */
int mt_serial_complaint(const struct mt_serial *serial, struct mt_error *error);

/* The noise as plain text, to be quoted; the caller's to free. "" where there was none. */
char *mt_serial_quote_noise(const struct mt_serial *serial);

#endif
