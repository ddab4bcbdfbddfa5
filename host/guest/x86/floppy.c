/* SPDX-License-Identifier: Apache-2.0 */
/* The floppy controller, which needs no drive for it. */
#include "arch/io.h"
#include "guest/x86/registers.h"

#define OUTPUTS 0x3f2
#define NO_RESET 0x0c
#define TAPE 0x3f3
#define STATUS 0x3f4
#define READY 0x80
#define ANSWERING 0x40
#define FIFO 0x3f5
#define SENSE_INTERRUPT 0x08
#define SENSE_ANSWERS 2
#define DRIVES 4
#define DUMP_REGISTERS 0x0e
#define DUMP_ANSWERS 10

static uint32_t is_there(void)
{
    return in8(STATUS) != 0xff;
}

static void command(const uint8_t *bytes, unsigned count)
{
    for (unsigned i = 0; i < count && (in8(STATUS) & (READY | ANSWERING)) == READY; i++) {
        out8(FIFO, bytes[i]);
    }
}

static uint8_t answer(void)
{
    return (in8(STATUS) & (READY | ANSWERING)) == (READY | ANSWERING) ? in8(FIFO) : 0xff;
}

/* A reset is news of each drive. */
static void take_news(void)
{
    static const uint8_t sense[] = {SENSE_INTERRUPT};

    for (unsigned i = 0; i < DRIVES; i++) {
        command(sense, sizeof(sense));
        for (unsigned j = 0; j < SENSE_ANSWERS; j++) {
            answer();
        }
    }
}

void floppy_program(void)
{
    static const uint8_t specify[] = {0x03, 0xd1, 0x07};
    static const uint8_t configure[] = {0x13, 0x00, 0x2a, 0x05};

    if (!is_there()) {
        return;
    }
    out8(OUTPUTS, 0);
    out8(OUTPUTS, NO_RESET);
    take_news();
    out8(TAPE, 0x02);
    command(specify, sizeof(specify));
    command(configure, sizeof(configure));
}

void floppy_note(struct notes *notes)
{
    static const uint8_t dump[] = {DUMP_REGISTERS};

    if (!notes_decide(notes, is_there)) {
        return;
    }
    note(notes, in8(OUTPUTS), "floppy outputs");
    note(notes, in8(TAPE), "floppy tape");
    command(dump, sizeof(dump));
    for (uint32_t i = 0; i < DUMP_ANSWERS; i++) {
        note(notes, answer(), "floppy register %u", i);
    }
}
