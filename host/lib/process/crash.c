/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/process/crash.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "lib/process/backtrace.h"

/* gdb takes half a second for a core of QEMU's on an idle machine. */
static const int gdb_limit_ms = 20000;

static void write_backtrace(const struct mt_process *process)
{
    const struct mt_core *core = &process->core;
    MT_AUTO_FREE char *path = mt_core_find(core, process->pid);

    if (core->why_not != NULL) {
        MT_AUTO_FREE char *why =
            mt_text("%s (it was process %d)", core->why_not, (int)process->pid);
        mt_backtrace_lacks(process->backtrace, why);
    } else if (path == NULL) {
        MT_AUTO_FREE char *why =
            mt_text("it left no core named %s in %s", core->name, core->folder);
        mt_backtrace_lacks(process->backtrace, why);
    } else {
        const char *program = process->image.path;
        mt_backtrace_core(path, program != NULL ? program : process->command.items[0], gdb_limit_ms,
                          process->backtrace);
        unlink(path);
    }
}

void mt_process_explain_crash(const struct mt_process *process)
{
    bool crashed =
        process->ended && WIFSIGNALED(process->status) && WTERMSIG(process->status) != SIGKILL;

    if (crashed && process->backtrace != NULL) {
        write_backtrace(process);
    }
}
