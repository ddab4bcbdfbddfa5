/* SPDX-License-Identifier: Apache-2.0 */
#include "guest/common/dirtying.h"

#include "guest/common/pages.h"
#include "guest/common/pass.h"
#include "guest/common/serial.h"
#include "guest/contract.h"

void dirtying_all(struct dirtying *dirtying)
{
    *dirtying = (struct dirtying){.working_set = MT_GUEST_PAGES, .stride = 1, .rests = true};
}

static bool is_dirtied(const struct dirtying *dirtying, unsigned index)
{
    return index < dirtying->working_set && index % dirtying->stride == 0;
}

static bool has_all(const struct dirtying *dirtying)
{
    return dirtying->working_set == MT_GUEST_PAGES && dirtying->stride == 1;
}

static void catch_up(const struct dirtying *dirtying, uint32_t generation)
{
    for (unsigned index = 0; index < MT_GUEST_PAGES; index++) {
        if (!is_dirtied(dirtying, index)) {
            pass_rewrite(index, index + 1, dirtying->left_at, generation);
        }
    }
}

bool dirtying_obey(struct dirtying *dirtying, uint32_t generation)
{
    struct dirtying wanted = {.left_at = generation};
    uint32_t per_second;

    if (!serial_read_hex(&per_second) || !serial_read_hex(&wanted.stride) ||
        !serial_read_hex(&wanted.working_set) || per_second > MT_GUEST_MOST_PER_SECOND ||
        wanted.stride == 0 || wanted.working_set == 0 || wanted.working_set > MT_GUEST_PAGES ||
        !pace_start(&wanted.pace, per_second)) {
        return false;
    }
    catch_up(dirtying, generation);
    *dirtying = wanted;
    return true;
}

void dirtying_end(struct dirtying *dirtying, uint32_t generation)
{
    catch_up(dirtying, generation);
    dirtying_all(dirtying);
}

static void pass_over_some(struct dirtying *dirtying, uint32_t generation, bool beat)
{
    unsigned silent = 0;

    for (unsigned index = 0; index < dirtying->working_set; index += dirtying->stride) {
        pass_over_page(index, generation);
        pace_keep(&dirtying->pace);
        if (++silent == MT_GUEST_PAGES_IN_BEAT && beat) {
            serial_write(MT_GUEST_BEAT);
            silent = 0;
        }
    }
}

void dirtying_pass(struct dirtying *dirtying, uint32_t generation, bool beat)
{
    if (has_all(dirtying) && dirtying->pace.at_once == 0) {
        pass_over_all(generation, beat);
    } else {
        pass_over_some(dirtying, generation, beat);
    }
}

void dirtying_check(const struct dirtying *dirtying, uint32_t generation)
{
    if (dirtying->stride == 1) {
        pages_check(0, dirtying->working_set, generation);
        pages_check(dirtying->working_set, MT_GUEST_PAGES, dirtying->left_at);
        return;
    }
    for (unsigned index = 0; index < MT_GUEST_PAGES; index++) {
        pages_check(index, index + 1, is_dirtied(dirtying, index) ? generation : dirtying->left_at);
    }
}
