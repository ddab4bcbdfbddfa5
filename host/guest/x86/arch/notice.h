/* SPDX-License-Identifier: Apache-2.0 */
/* How the program makes sure that a QEMU with TCG notices every page that the program writes to. */
#ifndef MT_GUEST_X86_ARCH_NOTICE_H
#define MT_GUEST_X86_ARCH_NOTICE_H

#include <stdbool.h>
#include <stdint.h>

#include "arch/cpuid.h"
#include "arch/traps.h"

/*
 * When QEMU collects the dirty pages, it does not tell TCG that it wants to notice the next write
 * to each of these pages. TCG notices a write again when the translation of the page was dropped.
 * Since 9.0 QEMU tells TCG, but not if all collected pages were known to be dirty before: without
 * dropping, 10.0.2 lost 88 and 1151 pages at switchovers that were held.
 *
 * QEMU collects while the guest waits in port I/O. So what the guest wrote to its stack after that
 * was lost in three of a hundred migrations (7.2, two busy CPUs). Dropping the translation of the
 * stack after port I/O costs next to nothing.
 */
static inline void drop_stack_translation(void)
{
    __asm__ volatile("invlpg (%%esp)" : : : "memory");
}

/* The same for a page: QEMU notices the next write to the page. */
static inline void drop_page_translation(uint32_t address)
{
    __asm__ volatile("invlpg (%0)" : : "r"(address) : "memory");
}

/*
 * Makes sure that QEMU notices the last write to the page. Writes to the page that come in between,
 * while a migration collects dirty pages, may be lost.
 */
static inline void notice_page(uint32_t address)
{
    __asm__ volatile("invlpg (%0); addl $0, (%0)" : : "r"(address) : "cc", "memory");
}

/*
 * QEMU surely notices the last write to the stack as long as no other write follows. It notices the
 * next write when the translation was dropped again.
 */
static inline void settle_stack(void)
{
    drop_stack_translation();
    __asm__ volatile("addl $0, (%%esp)" : : : "memory");
}

/*
 * TCG does not notice writes to pages whose translations it keeps. At first it keeps few
 * translations of so many pages, but it makes room for all of them during several migrations: the
 * fifth migration from one 7.2 lost every page. So a pass begins by dropping all translations. It
 * drops them again after every few pages, so that TCG keeps few: QEMU walks through all of them
 * when it collects. Any change of this bit drops all translations. This costs nothing under TCG;
 * KVM would map each page again.
 *
 * After a drop, the first instruction that touches a page is the one that writes to it. QEMU sends
 * the collected pages after the CPU has finished its block of instructions. So this write is
 * noticed or sent, or both. A write to a page that was read before may be neither: one in 600
 * migrations from a busy 7.2 lost a page this way. A second write to the same page may be lost,
 * too. So a pass writes once to each page, and keeps its own variables off the stack.
 */
#define PAGE_SIZE_EXTENSIONS 0x10
#define READ_CONTROL(control) __asm__ volatile("movl %%cr4, %0" : "=r"(control))
#define WRITE_CONTROL(control)                                                                     \
    __asm__ volatile(NEVER_REFUSED("movl %0, %%cr4", "cr4") : : "r"(control) : "memory")

static inline void drop_all_translations(void)
{
    uint32_t control;

    if (cpu_has(FEATURE_KVM)) {
        return;
    }
    cpuid_expect_xsave();
    READ_CONTROL(control);
    WRITE_CONTROL(control ^ PAGE_SIZE_EXTENSIONS);
    WRITE_CONTROL(control);
}

/* Drops all translations again and again during a walk over many pages, where that helps (TCG). */
struct dropping {
    bool needed;
    uint32_t before;
    uint32_t control;
};

static inline struct dropping dropping_begin(void)
{
    struct dropping dropping = {.needed = !cpu_has(FEATURE_KVM)};

    READ_CONTROL(dropping.before);
    dropping.control = dropping.before;
    return dropping;
}

static inline void dropping_drop(struct dropping *dropping)
{
    if (dropping->needed) {
        dropping->control ^= PAGE_SIZE_EXTENSIONS;
        WRITE_CONTROL(dropping->control);
    }
}

static inline void dropping_end(const struct dropping *dropping)
{
    if (dropping->needed) {
        WRITE_CONTROL(dropping->before);
    }
}

#endif
