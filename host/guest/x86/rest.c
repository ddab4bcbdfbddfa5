/* SPDX-License-Identifier: Apache-2.0 */
/* Rests between two passes. */
#include "guest/common/machine.h"

#include "arch/cpuid.h"
#include "guest/common/serial.h"
#include "guest/contract.h"
#include "guest/x86/interrupts.h"

#define LEAST_STEPS (MT_GUEST_LEAST_REST_MS / MT_GUEST_REST_STEP_MS)
#define MOST_STEPS (MT_GUEST_MOST_REST_MS / MT_GUEST_REST_STEP_MS)

/*
 * The lower half of the time stamp counter, which comes round after a second or more. It stays 0
 * where there is no such counter, and under KVM.
 */
uint32_t rest_clock(void)
{
    uint32_t low;
    uint32_t high;

    if (cpu_has(FEATURE_KVM) || !cpu_has(FEATURE_TSC)) {
        return 0;
    }
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return low;
}

void rest(uint32_t pass_took)
{
    if (!interrupts_can_rest()) {
        return;
    }
    uint32_t began = rest_clock();
    for (unsigned steps = 0; steps < MOST_STEPS && !serial_has_byte(); steps++) {
        uint32_t rested = rest_clock() - began;
        if (steps >= LEAST_STEPS && rested / MT_GUEST_REST_PER_PASS >= pass_took) {
            return;
        }
        interrupts_rest();
    }
}
