/* SPDX-License-Identifier: Apache-2.0 */
/* What the program does so that a QEMU with TCG notices all that the program writes to. */
#ifndef MT_GUEST_X86_ARCH_NOTICE_H
#define MT_GUEST_X86_ARCH_NOTICE_H

#include <stdbool.h>
#include <stdint.h>

#include "arch/cpuid.h"
#include "arch/traps.h"

/*
 * QEMU collects the dirty pages without telling TCG which pages the guest may not write to
 * unnoticed any more; that is right again when a page's translation has been dropped. Since 9.0 it
 * does tell, but not when all that it collects was known to be dirty already: without
 * dropping, 10.0.2 lost 88 and 1151 pages at switchovers that were held. It collects while the
 * guest waits in port I/O, so that what the guest did to its stack next got lost in three of a
 * hundred migrations (7.2, two busy CPUs). Dropping it here costs next to nothing.
 */
static inline void drop_stack_translation(void)
{
    __asm__ volatile("invlpg (%%esp)" : : : "memory");
}

/* The same for a page; what is written to the page next is noticed. */
static inline void drop_page_translation(uint32_t address)
{
    __asm__ volatile("invlpg (%0)" : : "r"(address) : "memory");
}

/*
 * Sees to it that QEMU notices what was last written to the page. What the program writes to the
 * page in between, while a migration collects dirty pages, may be lost.
 */
static inline void notice_page(uint32_t address)
{
    __asm__ volatile("invlpg (%0); addl $0, (%0)" : : "r"(address) : "cc", "memory");
}

/*
 * What was written last to the stack is noticed for sure, as long as nothing more is; what is
 * written next, once the translation has been dropped again.
 */
static inline void settle_stack(void)
{
    drop_stack_translation();
    __asm__ volatile("addl $0, (%%esp)" : : : "memory");
}

/*
 * TCG forgets to notice writes to pages whose translations it has. It has few of so many
 * pages at first, but makes room for all of them in the course of several migrations: the fifth
 * from one 7.2 lost every page. So a pass begins by dropping all. It drops them after each few
 * pages, too, so that what TCG keeps stays few: QEMU walks through all of them when it collects.
 * Any change of this bit drops all; it costs nothing under TCG. KVM would map each page anew.
 *
 * After a drop a page is first touched by the one instruction that writes to it. QEMU sends what it
 * collects when the block of instructions is through that a CPU was in: so this write is noticed or
 * sent, or both. One to a page that was read before may be neither: one in 600 migrations from a
 * busy 7.2 lost a page so. What is written twice may be lost, too. So a pass writes once to each
 * page, and keeps its own variables off the stack.
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

/* All translations are dropped again and again on a way over many pages, where that helps. */
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
