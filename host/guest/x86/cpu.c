/* SPDX-License-Identifier: Apache-2.0 */
/* Flags, segment, control and debug registers. */
#include "arch/cpuid.h"
#include "arch/traps.h"
#include "guest/contract.h"
#include "guest/x86/registers.h"

#define CR0_MP 0x00000002
#define CR0_NE 0x00000020
#define CR0_WP 0x00010000
#define CR0_AM 0x00040000
#define CR4_DE 0x00000008
#define CR4_PSE 0x00000010
#define CR4_MCE 0x00000040
#define CR4_PGE 0x00000080
#define CR4_OSFXSR 0x00000200
#define CR4_OSXMMEXCPT 0x00000400
#define CR4_OSXSAVE 0x00040000
#define CR4_PKE 0x00400000
#define CR2_VALUE 0xc2c2f00d
#define CR3_VALUE 0x02c3c000 /* without paging just a value */

/* I/O privilege level 3, alignment check (of no consequence in ring 0), identification. */
#define EFLAGS_KEPT 0x00243000

/* Four bytes each, on writing, but switched off. */
#define DR7_VALUE 0xdddd0400
#define DR6_VALUE 0xffff0ff5
#define DEBUG_ADDRESS(index) (0xdb000000 + (index)*0x00111110)

#define WRITE(name, value) __asm__ volatile("movl %0, %%" #name : : "r"(value) : "memory")
#define READ(name)                                                                                 \
    ({                                                                                             \
        uint32_t value_;                                                                           \
        __asm__ volatile("movl %%" #name ", %0" : "=r"(value_));                                   \
        value_;                                                                                    \
    })

void descriptors_load(void);

static const struct {
    enum cpu_feature feature;
    uint32_t bit;
} cr4_bits[] = {
    {FEATURE_DE, CR4_DE},         {FEATURE_PSE, CR4_PSE},     {FEATURE_MCE, CR4_MCE},
    {FEATURE_PGE, CR4_PGE},       {FEATURE_FXSR, CR4_OSFXSR}, {FEATURE_SSE, CR4_OSXMMEXCPT},
    {FEATURE_XSAVE, CR4_OSXSAVE}, {FEATURE_PKU, CR4_PKE},
};

static bool has_cr4(void)
{
    return cpu_has(FEATURE_DE) || cpu_has(FEATURE_PSE) || cpu_has(FEATURE_FXSR);
}

static bool is_cr4_refused(uint32_t value)
{
    bool refused;

    __asm__ volatile(UNLESS_REFUSED("movl %1, %%cr4") : "=@ccc"(refused) : "r"(value) : "memory");
    return refused;
}

static void program_cr4(void)
{
    for (unsigned i = 0; i < sizeof(cr4_bits) / sizeof(cr4_bits[0]); i++) {
        if (!cpu_has(cr4_bits[i].feature) || !is_cr4_refused(READ(cr4) | cr4_bits[i].bit)) {
            continue;
        }
        if (kept.decided) {
            notes_tell_refused("cr4");
        }
        cpuid_take_back(cr4_bits[i].feature);
    }
}

void cpu_program(void)
{
    descriptors_load();
    __asm__ volatile("pushfl; orl %0, (%%esp); popfl" : : "i"(EFLAGS_KEPT) : "cc", "memory");
    WRITE(cr0, READ(cr0) | CR0_MP | CR0_NE | CR0_WP | CR0_AM);
    WRITE(cr2, CR2_VALUE);
    WRITE(cr3, CR3_VALUE);
    if (has_cr4()) {
        program_cr4();
    }
    WRITE(dr0, DEBUG_ADDRESS(0));
    WRITE(dr1, DEBUG_ADDRESS(1));
    WRITE(dr2, DEBUG_ADDRESS(2));
    WRITE(dr3, DEBUG_ADDRESS(3));
    WRITE(dr6, DR6_VALUE);
    WRITE(dr7, DR7_VALUE);
}

static void note_table(struct notes *notes, const char *name, const uint16_t *pointer)
{
    note(notes, pointer[0], "%s limit", name);
    note(notes, pointer[1] | (uint32_t)pointer[2] << 16, "%s base", name);
}

static void note_tables(struct notes *notes)
{
    uint16_t pointer[3];
    uint32_t selector;

    __asm__ volatile("sgdtl %0" : "=m"(pointer));
    note_table(notes, "gdtr", pointer);
    __asm__ volatile("sidtl %0" : "=m"(pointer));
    note_table(notes, "idtr", pointer);
    __asm__ volatile("sldt %0" : "=r"(selector));
    note(notes, selector & 0xffff, "ldtr");
    __asm__ volatile("str %0" : "=r"(selector));
    note(notes, selector & 0xffff, "tr");
}

/* Of fs and gs the hidden base too: it says where the word at 0 is. */
static void note_segments(struct notes *notes)
{
    note(notes, READ(cs), "cs");
    note(notes, READ(ds), "ds");
    note(notes, READ(es), "es");
    note(notes, READ(ss), "ss");
    note(notes, READ(fs), "fs");
    note(notes, READ(gs), "gs");
    note(notes, READ(fs : 0), "word at fs base");
    note(notes, READ(gs : 0), "word at gs base");
}

static void note_control(struct notes *notes)
{
    uint32_t flags;

    __asm__ volatile("pushfl; popl %0" : "=r"(flags) : : "memory");
    note(notes, flags & EFLAGS_KEPT, "eflags");
    note(notes, READ(cr0), "cr0");
    note(notes, READ(cr2), "cr2");
    note(notes, READ(cr3), "cr3");
    if (has_cr4()) {
        note(notes, READ(cr4), "cr4");
    }
}

void cpu_note(struct notes *notes)
{
    note_tables(notes);
    note_segments(notes);
    note_control(notes);
    note(notes, READ(dr0), "dr0");
    note(notes, READ(dr1), "dr1");
    note(notes, READ(dr2), "dr2");
    note(notes, READ(dr3), "dr3");
    note(notes, READ(dr6), "dr6");
    note(notes, READ(dr7), "dr7");
}
