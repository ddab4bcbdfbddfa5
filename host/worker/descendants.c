/* SPDX-License-Identifier: Apache-2.0 */
#include "worker/descendants.h"

#include <signal.h>
#include <stdio.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/text.h"

/* How long a process may take to die of SIGKILL: one that waits for a disk cannot at once. */
static const int64_t patience_ms = 1500;

static unsigned kill_below(pid_t parent, int depth)
{
    const int deepest = 64;
    MT_AUTO_FREE char *path = mt_text("/proc/%d/task/%d/children", (int)parent, (int)parent);
    MT_AUTO_FILE FILE *file = fopen(path, "re");
    unsigned count = 0;
    int pid;

    while (file != NULL && depth < deepest && fscanf(file, "%d", &pid) == 1) {
        /* Stopped first, it cannot fork while those below it are looked for. */
        kill(pid, SIGSTOP);
        count += 1 + kill_below(pid, depth + 1);
        kill(pid, SIGKILL);
    }
    return count;
}

unsigned mt_descendants_kill(void)
{
    int64_t deadline = mt_now_ms() + patience_ms;
    unsigned count = 0;

    do {
        unsigned killed = kill_below(getpid(), 0);
        count = killed > count ? killed : count;
        pid_t got;
        do {
            got = waitpid(-1, NULL, killed > 0 ? 0 : WNOHANG);
        } while (got > 0 && waitpid(-1, NULL, WNOHANG) > 0);
        if (got < 0) {
            break;
        }
    } while (mt_now_ms() < deadline);
    return count;
}
