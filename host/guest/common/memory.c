/* SPDX-License-Identifier: Apache-2.0 */
#include "guest/common/memory.h"

#include "arch/notice.h"
#include "guest/common/machine.h"
#include "guest/common/once.h"
#include "guest/common/pages.h"
#include "guest/contract.h"

void memory_fill(bool are_zero)
{
    once_write();
    pages_fill(are_zero && !ram_has_firmware());
}

void memory_wake(void)
{
    if (ram_has_firmware()) {
        once_write();
    }
}

void memory_check(const struct dirtying *dirtying, uint32_t generation)
{
    once_check();
    dirtying_check(dirtying, generation);
}

static void settle(uint32_t start, uint32_t end)
{
    for (uint32_t address = start; address < end; address += MT_GUEST_PAGE_SIZE) {
        notice_page(address);
    }
}

/* Firmware has written to the same pages, and to some that nobody else does. */
void memory_settle(void)
{
    settle(ram_has_firmware() ? 0 : MT_GUEST_KEPT, MT_GUEST_LOW_ONCE_END);
    settle(MT_GUEST_PROGRAM, MT_GUEST_BALLOON_PAGE);
    settle(MT_GUEST_DRIVING, MT_GUEST_DRIVING + MT_GUEST_PAGE_SIZE);
    once_settle();
    if (ram_has_firmware()) {
        settle(MT_GUEST_LOW_ONCE_END, MT_GUEST_PROGRAM);
        settle(MT_GUEST_STACK_TOP, RAM_LOW_END);
        settle(ram_end(), ram_end() + RAM_KEPT_BY_FIRMWARE);
    }
    settle(MT_GUEST_STACK_TOP - MT_GUEST_PAGE_SIZE, MT_GUEST_STACK_TOP);
}
