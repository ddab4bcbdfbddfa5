/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/stress.h"

#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"

/*
 * How often a loop checks for its parent, whose death signal may be lost: often enough to end soon,
 * seldom enough to stay in user space.
 */
static const uint64_t turns_between_checks = 100 * 1000 * 1000;

static _Noreturn void loop(pid_t parent)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD};

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        signal(signals[i], SIG_DFL);
    }
    /* A worker detects the host's death by a descriptor, which no other process may hold. */
    close_range(0, ~0U, 0);
    while (getppid() == parent) {
        for (volatile uint64_t i = 0; i < turns_between_checks; i++) {
        }
    }
    _exit(0);
}

int mt_stress_start(struct mt_stress *stress, size_t count, struct mt_error *error)
{
    pid_t parent = getpid();

    *stress = (struct mt_stress){.loops = mt_alloc(count, sizeof(*stress->loops))};
    while (stress->count < count) {
        pid_t pid = fork();
        if (pid == 0) {
            loop(parent);
        }
        if (pid < 0) {
            mt_fail_errno(error, "cannot start busy loop %zu", stress->count + 1);
            mt_stress_stop(stress);
            return -1;
        }
        stress->loops[stress->count++] = pid;
    }
    return 0;
}

void mt_stress_stop(struct mt_stress *stress)
{
    for (size_t i = 0; i < stress->count; i++) {
        kill(stress->loops[i], SIGKILL);
        waitpid(stress->loops[i], NULL, 0);
    }
    free(stress->loops);
    *stress = (struct mt_stress){0};
}
