/* SPDX-License-Identifier: Apache-2.0 */
/* Intel's sound controller, and on it the codec, which is asked by its rings and at once. */
#include "arch/io.h"
#include "guest/common/devices.h"

#define GLOBAL_CONTROL 0x08
#define OUT_OF_RESET 0x1
#define WAKE_ENABLE 0x0c
#define COMMAND_BASE 0x40
#define COMMAND_WRITE 0x48
#define COMMAND_CONTROL 0x4c
#define ANSWER_BASE 0x50
#define ANSWER_WRITE 0x58
#define ANSWER_COUNT 0x5a
#define ANSWER_CONTROL 0x5c
#define ANSWER_STATUS 0x5d
#define ANSWER_COUNTED 0x01
#define RUNNING 0x02
#define INTERRUPT_EACH 0x01
#define INTERRUPTS 0x20
#define FROM_CONTROLLER 0xc0000000
#define POSITIONS 0x70
#define STREAM_FORMAT 0x92
#define STREAM_LAST 0x8c
#define STREAM_LENGTH 0x88
#define STREAM_LIST 0x98

#define COMMAND_RING 0x000 /* of the device's page */
#define COMMANDS 256
#define ANSWER_RING 0x400
#define BUFFER_LIST 0xc00
#define POSITION_BUFFER 0xd00

/* To node 2 of codec 0, which is the converter of its output. */
#define CODEC_TO_CONVERTER(verb) (0x00200000 | (verb))
#define SET_STREAM CODEC_TO_CONVERTER(0x70610)
#define GET_STREAM CODEC_TO_CONVERTER(0xf0600)
#define SET_GAIN CODEC_TO_CONVERTER(0x3b029)
#define GET_GAIN CODEC_TO_CONVERTER(0xba000)
#define SET_FORMAT CODEC_TO_CONVERTER(0x24011)
#define GET_FORMAT CODEC_TO_CONVERTER(0xa0000)

/* The next answer waits until the interrupt of the last one is acknowledged: it stays pending. */
static uint32_t ask_codec(uint32_t place, uint32_t command)
{
    uint32_t bar = pci_bar(place, 0);
    uint32_t next = (mmio_read16(bar + COMMAND_WRITE) + 1u) % COMMANDS;
    uint32_t answered = (mmio_read16(bar + ANSWER_WRITE) + 1u) % COMMANDS;

    *(volatile uint32_t *)(device_page(place) + COMMAND_RING + next * 4) = command;
    mmio_write8(bar + ANSWER_STATUS, ANSWER_COUNTED);
    mmio_write16(bar + COMMAND_WRITE, (uint16_t)next);
    expect(answered, mmio_read16(bar + ANSWER_WRITE), "hda answers to 0x%x", command);
    return *(volatile uint32_t *)(device_page(place) + ANSWER_RING + answered * 8);
}

/*
 * The answers up to an interrupt are counted from the last one that was acknowledged; QEMU goes on
 * counting from there after a reset too. So the second answer at the latest makes the count known.
 */
static void start_counting(uint32_t place)
{
    uint32_t bar = pci_bar(place, 0);

    mmio_write16(bar + ANSWER_COUNT, 2);
    ask_codec(place, SET_FORMAT);
    if (!(mmio_read8(bar + ANSWER_STATUS) & ANSWER_COUNTED)) {
        ask_codec(place, SET_FORMAT);
    }
    mmio_write8(bar + ANSWER_STATUS, ANSWER_COUNTED);
    mmio_write16(bar + ANSWER_COUNT, 1);
}

void sound_program(uint32_t place)
{
    uint32_t bar = pci_bar(place, 0);
    uint32_t page = device_page(place);

    mmio_write32(bar + GLOBAL_CONTROL, 0);
    mmio_write32(bar + GLOBAL_CONTROL, OUT_OF_RESET);
    mmio_write16(bar + WAKE_ENABLE, 0x5);
    mmio_write32(bar + COMMAND_BASE, page + COMMAND_RING);
    mmio_write32(bar + ANSWER_BASE, page + ANSWER_RING);
    mmio_write32(bar + POSITIONS, page + POSITION_BUFFER);
    mmio_write32(bar + STREAM_LENGTH, 0x1000);
    mmio_write16(bar + STREAM_LAST, 1);
    mmio_write16(bar + STREAM_FORMAT, 0x4011);
    mmio_write32(bar + STREAM_LIST, page + BUFFER_LIST);
    mmio_write32(bar + INTERRUPTS, FROM_CONTROLLER);
    mmio_write8(bar + ANSWER_CONTROL, RUNNING | INTERRUPT_EACH);
    mmio_write8(bar + COMMAND_CONTROL, RUNNING);
    start_counting(place);
    ask_codec(place, SET_STREAM);
    ask_codec(place, SET_GAIN);
}

void sound_note(uint32_t place, struct notes *notes)
{
    static const uint8_t offsets[] = {GLOBAL_CONTROL, WAKE_ENABLE, INTERRUPTS,
                                      COMMAND_BASE,   ANSWER_BASE, ANSWER_CONTROL,
                                      STREAM_LENGTH,  STREAM_LAST, STREAM_LIST};

    for (unsigned i = 0; i < sizeof(offsets); i++) {
        note(notes, mmio_read32(pci_bar(place, 0) + offsets[i]), "hda 0x%x", (uint32_t)offsets[i]);
    }
    note(notes, ask_codec(place, GET_FORMAT), "hda format");
    note(notes, ask_codec(place, GET_STREAM), "hda stream");
    note(notes, ask_codec(place, GET_GAIN), "hda gain");
}
