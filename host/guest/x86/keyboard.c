/* SPDX-License-Identifier: Apache-2.0 */
/* The keyboard controller with keyboard and mouse. Each look has an end: there may be none. */
#include "arch/io.h"
#include "guest/x86/registers.h"

#define DATA 0x60
#define STATUS 0x64
#define COMMAND 0x64
#define OUTPUT_FULL 0x01
#define READ_CONFIGURATION 0x20
#define WRITE_CONFIGURATION 0x60
#define TO_MOUSE 0xd4
#define CONFIGURATION 0x34 /* both ports off, no interrupts, self-test passed */
#define KEYBOARD_SCAN_CODES 0xf0
#define KEYBOARD_LEDS 0xed
#define MOUSE_STATUS 0xe9
#define MOUSE_RESOLUTION 0xe8
#define MOUSE_RATE 0xf3
#define ANSWER_ABSENT 0xffff
#define LOOKS 1000
#define MOST_LEFT_OVER 64

static uint32_t read_answer(void)
{
    for (unsigned looks = 0; looks < LOOKS; looks++) {
        if (in8(STATUS) & OUTPUT_FULL) {
            return in8(DATA);
        }
    }
    return ANSWER_ABSENT;
}

static void forget_left_over(void)
{
    for (unsigned i = 0; i < MOST_LEFT_OVER && (in8(STATUS) & OUTPUT_FULL); i++) {
        in8(DATA);
    }
}

static uint32_t ask_keyboard(uint8_t byte)
{
    out8(DATA, byte);
    return read_answer();
}

static uint32_t ask_mouse(uint8_t byte)
{
    out8(COMMAND, TO_MOUSE);
    return ask_keyboard(byte);
}

static void configure(void)
{
    out8(COMMAND, WRITE_CONFIGURATION);
    out8(DATA, CONFIGURATION);
}

static uint32_t is_there(void)
{
    return in8(STATUS) != 0xff;
}

void keyboard_program(void)
{
    if (!is_there()) {
        return;
    }
    forget_left_over();
    ask_keyboard(KEYBOARD_SCAN_CODES);
    ask_keyboard(1);
    ask_keyboard(KEYBOARD_LEDS);
    ask_keyboard(5);
    ask_mouse(MOUSE_RESOLUTION);
    ask_mouse(3);
    ask_mouse(MOUSE_RATE);
    ask_mouse(200);
    configure();
}

void keyboard_note(struct notes *notes)
{
    if (!notes_decide(notes, is_there)) {
        return;
    }
    out8(COMMAND, READ_CONFIGURATION);
    note(notes, read_answer(), "keyboard configuration");
    ask_keyboard(KEYBOARD_SCAN_CODES);
    ask_keyboard(0);
    note(notes, read_answer(), "keyboard scan codes");
    ask_mouse(MOUSE_STATUS);
    note(notes, read_answer(), "mouse status");
    note(notes, read_answer(), "mouse resolution");
    note(notes, read_answer(), "mouse rate");
    configure();
}
