/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the guest program says on its serial line: the words of host/guest/contract.h. Nothing on
 * the line is believed until the guest has greeted; what comes before is kept for messages only.
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

/* How far the words of the guest were read. This moves with the guest in a migration. */
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
    /* The line on which the guest speaks, if the guest may be migrated to this line. NULL: the
     * guest starts here, or has come already. */
    struct mt_serial *comes_from;
    bool has_come;       /* the guest has come by a migration */
    uint64_t heard[256]; /* number of times that the guest said each byte or kind of line */
    struct mt_beats beats;
    int64_t empty_us;                /* when the line was last found empty */
    uint64_t done[MT_GUEST_TAGS];    /* by tag: number of commands that were obeyed */
    uint64_t unknown[MT_GUEST_TAGS]; /* by tag: number of commands that could not be obeyed */
    struct mt_cpuid cpuid;
    char complaint_kind; /* 0: there is none */
    char complaint[MT_GUEST_LINE_SIZE + 1];
    char noise[512]; /* the first bytes before the greeting, which are not the guest's */
    size_t noise_size;
    struct mt_recording recording;
};

void mt_serial_init(struct mt_serial *serial, int fd);
void mt_serial_clear(struct mt_serial *serial);

/* Reads the bytes that have come. Returns whether there were any. */
bool mt_serial_receive(struct mt_serial *serial);

/* The number of starts of the guest on this line: fresh, by a reset, or by a wake. */
uint64_t mt_serial_starts(const struct mt_serial *serial);

/* Sends a command to the guest: its byte, its tag and its numbers. */
int mt_serial_send(struct mt_serial *serial, const char *command, struct mt_error *error);

/* Fails when the guest has complained, with what it complained of. */
int mt_serial_complaint(const struct mt_serial *serial, struct mt_error *error);

/* The noise as plain text for a message, "" if there was none. The caller frees the text. */
char *mt_serial_quote_noise(const struct mt_serial *serial);

#endif
