/* SPDX-License-Identifier: Apache-2.0 */
/* x87, SSE, and what came after it. The compiler uses none of it. */
#include "arch/cpuid.h"
#include "arch/traps.h"
#include "guest/x86/registers.h"

#define IMAGE_SIZE 512
#define IMAGE_ALIGNMENT 16
#define XMM_COUNT 8 /* that 32-bit code reaches */

/* What FXSAVE leaves in memory, as far as it is the same wherever it runs. */
struct fpu_image {
    uint16_t control;
    uint16_t status;
    uint16_t tags;
    uint16_t opcode;
    uint32_t pointers[4];
    uint32_t mxcsr;
    uint32_t mxcsr_mask;
    uint32_t stack[8][4];
    uint32_t xmm[XMM_COUNT][4];
};

#define CONTROL 0x0e7f /* rounds to zero, with 53 bits; every exception masked */
#define STATUS 0x2d00  /* the top of the stack at 5; conditions 0 and 2 */
#define TAGS 0x00a5    /* which of the stack are in use */
#define MXCSR 0x5fa0   /* rounds up; something was inexact; every exception masked */

#define XCR0_ALL 0x7 /* x87, SSE, AVX */
#define PKRU_VALUE 0x5a5a5a50

static struct fpu_image *aligned(uint8_t *room)
{
    return (struct fpu_image *)(((uint32_t)room + IMAGE_ALIGNMENT - 1) &
                                ~(uint32_t)(IMAGE_ALIGNMENT - 1));
}

static uint32_t pattern(uint32_t kind, uint32_t index, uint32_t word)
{
    return kind + index * 0x01010101 + word * 0x00100001;
}

static void load_image(void)
{
    uint8_t room[IMAGE_SIZE + IMAGE_ALIGNMENT];
    struct fpu_image *image = aligned(room);

    __asm__ volatile(NEVER_REFUSED("fxsave %0", "x87 and sse") : "=m"(*image) : : "memory");
    image->control = CONTROL;
    image->status = STATUS;
    image->tags = TAGS;
    image->mxcsr = cpu_has(FEATURE_SSE) ? MXCSR : image->mxcsr;
    for (uint32_t i = 0; i < XMM_COUNT; i++) {
        for (uint32_t word = 0; word < 4; word++) {
            image->stack[i][word] = word < 2 ? pattern(0x51807010, i, word) : 0x4000 + i;
            image->xmm[i][word] = pattern(0x31303230, i, word);
        }
        image->stack[i][1] |= 0x80000000; /* the integer bit, without which it is no number */
        image->stack[i][3] = 0;
    }
    __asm__ volatile("fxrstor %0" : : "m"(*image) : "memory");
}

/* No instruction takes the number of its register from elsewhere than from itself. */
#define FOR_EACH_YMM(do_one)                                                                       \
    do_one(0) do_one(1) do_one(2) do_one(3) do_one(4) do_one(5) do_one(6) do_one(7)

#define LOAD_UPPER(index)                                                                          \
    for (uint32_t word = 0; word < 4; word++) {                                                    \
        words[word] = pattern(0x79303230, index, word);                                            \
    }                                                                                              \
    __asm__ volatile(                                                                              \
        NEVER_REFUSED("vinsertf128 $1, %0, %%ymm" #index ", %%ymm" #index, "ymm" #index)           \
        :                                                                                          \
        : "m"(words));

static bool is_xcr0_refused(void)
{
    bool refused;

    __asm__ volatile(UNLESS_REFUSED("xsetbv") : "=@ccc"(refused) : "a"(XCR0_ALL), "d"(0), "c"(0));
    return refused;
}

static void load_ymm(void)
{
    uint32_t words[4];

    if (!is_xcr0_refused()) {
        FOR_EACH_YMM(LOAD_UPPER)
    } else if (!kept.decided) {
        cpuid_take_back(FEATURE_YMM);
    } else {
        notes_tell_refused("xcr0");
    }
}

void fpu_program(void)
{
    if (cpu_has(FEATURE_FXSR)) {
        load_image();
    }
    if (cpu_has(FEATURE_YMM)) {
        load_ymm();
    }
    if (cpu_has(FEATURE_PKU)) {
        __asm__ volatile(NEVER_REFUSED("wrpkru", "pkru") : : "a"(PKRU_VALUE), "d"(0), "c"(0));
    }
}

static void note_image(struct notes *notes)
{
    uint8_t room[IMAGE_SIZE + IMAGE_ALIGNMENT];
    struct fpu_image *image = aligned(room);

    __asm__ volatile(NEVER_REFUSED("fxsave %0", "x87 and sse") : "=m"(*image) : : "memory");
    note(notes, image->control, "x87 control word");
    note(notes, image->status, "x87 status word");
    note(notes, image->tags & 0xff, "x87 tags");
    note(notes, image->mxcsr, "mxcsr");
    for (uint32_t i = 0; i < XMM_COUNT; i++) {
        for (uint32_t word = 0; word < 3; word++) {
            uint32_t mask = word < 2 ? 0xffffffff : 0xffff;
            note(notes, image->stack[i][word] & mask, "st%u[%u]", i, word);
        }
    }
    for (uint32_t i = 0; cpu_has(FEATURE_SSE) && i < XMM_COUNT; i++) {
        for (uint32_t word = 0; word < 4; word++) {
            note(notes, image->xmm[i][word], "xmm%u[%u]", i, word);
        }
    }
}

#define NOTE_UPPER(index)                                                                          \
    __asm__ volatile(NEVER_REFUSED("vextractf128 $1, %%ymm" #index ", %0", "ymm" #index)           \
                     : "=m"(words));                                                               \
    for (uint32_t word = 0; word < 4; word++) {                                                    \
        note(notes, words[word], "ymm%u[%u]", (uint32_t)(index), word + 4);                        \
    }

static void note_ymm(struct notes *notes)
{
    uint32_t words[4];
    uint32_t xcr0;

    __asm__ volatile(NEVER_REFUSED("xgetbv", "xcr0") : "=a"(xcr0) : "c"(0) : "edx");
    note(notes, xcr0, "xcr0");
    FOR_EACH_YMM(NOTE_UPPER)
}

void fpu_note(struct notes *notes)
{
    if (cpu_has(FEATURE_FXSR)) {
        note_image(notes);
    }
    if (cpu_has(FEATURE_YMM)) {
        note_ymm(notes);
    }
    if (cpu_has(FEATURE_PKU)) {
        uint32_t value;
        __asm__ volatile(NEVER_REFUSED("rdpkru", "pkru") : "=a"(value) : "c"(0) : "edx");
        note(notes, value, "pkru");
    }
}
