/* SPDX-License-Identifier: Apache-2.0 */
/* Model-specific registers, where CPUID said at the start that they are there. */
#include <stddef.h>

#include "arch/cpuid.h"
#include "arch/traps.h"
#include "guest/x86/registers.h"

#define APIC_BASE 0x01b
#define MTRR_CAPABILITIES 0x0fe
#define MCG_CAPABILITIES 0x179
#define MCG_CONTROL 0x17b
#define MTRR_VARIABLE 0x200 /* a base and a mask each */
#define MTRR_DEFAULT 0x2ff
#define MC_BANKS 0x400 /* control, status, address and miscellaneous each */
#define EFER 0xc0000080
#define EFER_SCE 0x001
#define EFER_NXE 0x800
#define FS_BASE 0xc0000100
#define GS_BASE 0xc0000101
#define MCG_CONTROL_THERE 0x100
#define MOST_MTRRS 8
#define MOST_BANKS 10

/* Each of these takes any value, or has one that it takes in every implementation. */
struct msr {
    uint32_t index;
    uint32_t low;
    uint32_t high;
};

static const struct msr sysenter[] = {
    {0x174, 0x00000048, 0},
    {0x175, 0x5e57ac70, 0},
    {0x176, 0x5e57e1b0, 0},
    {0, 0, 0},
};

/* Write-back, write-through, uncached and write-combining in another order. */
static const struct msr page_attributes[] = {
    {0x277, 0x06010004, 0x01040600},
    {0, 0, 0},
};

static const struct msr fixed_ranges[] = {
    {0x250, 0x06060606, 0x06060606}, {0x258, 0x06060606, 0x06060606},
    {0x259, 0x01010101, 0x01010101}, {0x268, 0x05050505, 0x05050505},
    {0x269, 0x06060606, 0x05050505}, {0x26a, 0x05050505, 0x06060606},
    {0x26b, 0x04040404, 0x05050505}, {0x26c, 0x05050505, 0x04040404},
    {0x26d, 0x06060606, 0x04040404}, {0x26e, 0x04040404, 0x06060606},
    {0x26f, 0x05050505, 0x06060606}, {0, 0, 0},
};

static const struct msr syscall_legacy[] = {
    {0xc0000081, 0x57a45748, 0x00230008},
    {0, 0, 0},
};

/* Addresses are canonical. */
static const struct msr long_mode[] = {
    {0xc0000082, 0x157a0010, 0xffffffff},
    {0xc0000083, 0x0c57a020, 0xffffffff},
    {0xc0000084, 0x00047700, 0},
    {0xc0000102, 0x6b650030, 0x00007fff},
    {0, 0, 0},
};

static const struct msr processor_number[] = {
    {0xc0000103, 0x75c0a0f5, 0},
    {0, 0, 0},
};

static const struct msr host_save_area[] = {
    {0xc0010117, 0x05ae0000, 0},
    {0, 0, 0},
};

static bool was_refused(uint32_t index)
{
    for (uint32_t i = 0; i < kept.refused_msr_count; i++) {
        if (kept.refused_msrs[i] == index) {
            return true;
        }
    }
    return false;
}

/* CPUID promised it. */
static void be_refused(uint32_t index)
{
    if (kept.decided) {
        notes_tell_refused("msr 0x%x", index);
    }
    if (kept.refused_msr_count == MOST_REFUSED_MSRS) {
        return;
    }
    kept.refused_msrs[kept.refused_msr_count] = index;
    kept.refused_msr_count++;
}

/* One that the CPU refuses is zero. */
static uint32_t read_msr(uint32_t index, uint32_t *ret_high)
{
    uint32_t low = 0;
    bool refused;

    *ret_high = 0;
    if (was_refused(index)) {
        return 0;
    }
    __asm__ volatile(UNLESS_REFUSED("rdmsr")
                     : "+a"(low), "+d"(*ret_high), "=@ccc"(refused)
                     : "c"(index));
    if (refused) {
        be_refused(index);
    }
    return low;
}

static void write_msr(uint32_t index, uint32_t low, uint32_t high)
{
    bool refused;

    if (was_refused(index)) {
        return;
    }
    __asm__ volatile(UNLESS_REFUSED("wrmsr")
                     : "=@ccc"(refused)
                     : "c"(index), "a"(low), "d"(high)
                     : "memory");
    if (refused) {
        be_refused(index);
    }
}

static void set_msr(uint32_t index, uint32_t bits)
{
    uint32_t high;
    uint32_t low = read_msr(index, &high);

    write_msr(index, low | bits, high);
}

static void note_msr(struct notes *notes, uint32_t index)
{
    uint32_t high;
    uint32_t low = read_msr(index, &high);

    note(notes, low, "msr 0x%x low", index);
    note(notes, high, "msr 0x%x high", index);
}

/* Does with each MSR of a list what `notes` says: writes it where there are none. */
static void visit(struct notes *notes, bool there, const struct msr *list)
{
    for (const struct msr *msr = list; there && msr->index != 0; msr++) {
        if (notes == NULL) {
            write_msr(msr->index, msr->low, msr->high);
        } else {
            note_msr(notes, msr->index);
        }
    }
}

static bool has_efer(void)
{
    return cpu_has(FEATURE_SYSCALL) || cpu_has(FEATURE_NX) || cpu_has(FEATURE_LM);
}

static void visit_lists(struct notes *notes)
{
    visit(notes, cpu_has(FEATURE_SEP), sysenter);
    visit(notes, cpu_has(FEATURE_PAT), page_attributes);
    visit(notes, cpu_has(FEATURE_MTRR), fixed_ranges);
    visit(notes, cpu_has(FEATURE_SYSCALL), syscall_legacy);
    visit(notes, cpu_has(FEATURE_LM), long_mode);
    visit(notes, cpu_has(FEATURE_RDTSCP), processor_number);
    visit(notes, cpu_has(FEATURE_SVM), host_save_area);
}

static uint32_t low_of(uint32_t index)
{
    uint32_t high;

    return read_msr(index, &high);
}

static uint32_t mtrr_count(void)
{
    uint32_t count = cpu_has(FEATURE_MTRR) ? low_of(MTRR_CAPABILITIES) & 0xff : 0;

    return count < MOST_MTRRS ? count : MOST_MTRRS;
}

static uint32_t bank_count(void)
{
    uint32_t count = cpu_has(FEATURE_MCA) ? low_of(MCG_CAPABILITIES) & 0xff : 0;

    return count < MOST_BANKS ? count : MOST_BANKS;
}

static uint32_t has_mcg_control(void)
{
    return cpu_has(FEATURE_MCA) && (low_of(MCG_CAPABILITIES) & MCG_CONTROL_THERE) != 0;
}

/* The variable ranges lie where nothing is, and are valid; by default memory is write-back. */
static void program_ranges(void)
{
    for (uint32_t i = 0; i < mtrr_count(); i++) {
        write_msr(MTRR_VARIABLE + 2 * i, 0xd0000000 + i * 0x01000000, 0);
        write_msr(MTRR_VARIABLE + 2 * i + 1, 0xff000800, 0xf);
    }
    if (cpu_has(FEATURE_MTRR)) {
        write_msr(MTRR_DEFAULT, 0xc06, 0);
    }
}

static void program_banks(void)
{
    if (has_mcg_control()) {
        write_msr(MCG_CONTROL, 0, 0);
    }
    for (uint32_t i = 0; i < bank_count(); i++) {
        write_msr(MC_BANKS + 4 * i, 0, 0);
        write_msr(MC_BANKS + 4 * i + 2, 0xadd00000 + i, 0x1);
    }
}

void msr_program(void)
{
    if (!cpu_has(FEATURE_MSR)) {
        return;
    }
    visit_lists(NULL);
    program_ranges();
    program_banks();
    if (has_efer()) {
        set_msr(EFER,
                (cpu_has(FEATURE_SYSCALL) ? EFER_SCE : 0) | (cpu_has(FEATURE_NX) ? EFER_NXE : 0));
    }
}

static void note_efer(struct notes *notes)
{
    if (has_efer()) {
        note_msr(notes, EFER);
    }
    if (cpu_has(FEATURE_LM)) {
        note_msr(notes, FS_BASE);
        note_msr(notes, GS_BASE);
    }
}

void msr_note(struct notes *notes)
{
    if (!cpu_has(FEATURE_MSR)) {
        return;
    }
    visit_lists(notes);
    uint32_t mtrrs = notes_decide(notes, mtrr_count);
    for (uint32_t i = 0; i < 2 * mtrrs; i++) {
        note_msr(notes, MTRR_VARIABLE + i);
    }
    if (cpu_has(FEATURE_MTRR)) {
        note_msr(notes, MTRR_DEFAULT);
    }
    if (notes_decide(notes, has_mcg_control)) {
        note_msr(notes, MCG_CONTROL);
    }
    uint32_t banks = notes_decide(notes, bank_count);
    for (uint32_t i = 0; i < banks; i++) {
        note_msr(notes, MC_BANKS + 4 * i);
        note_msr(notes, MC_BANKS + 4 * i + 2);
    }
    if (cpu_has(FEATURE_APIC)) {
        note_msr(notes, APIC_BASE);
    }
    note_efer(notes);
}
