/* SPDX-License-Identifier: Apache-2.0 */
/* A QEMU that crashes leaves where it was, for whoever reads the failure. */
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "lib/process/backtrace.h"
#include "lib/vm/vm.h"

/* gdb takes half a second for a core of QEMU's on an idle machine. */
static const int limit_ms = 20000;

bool mt_vm_expect_crash(struct mt_vm *vm)
{
    mt_core_expect(&vm->core);
    if (vm->core.why_not == NULL && !mt_backtrace_is_possible()) {
        vm->core.why_not = mt_text_copy("gdb is not installed");
    }
    return vm->core.why_not == NULL;
}

void mt_vm_note_executable(struct mt_vm *vm)
{
    MT_AUTO_FREE char *link = mt_text("/proc/%d/exe", (int)vm->process.pid);
    char path[PATH_MAX];
    ssize_t size = readlink(link, path, sizeof(path) - 1);

    if (size > 0) {
        path[size] = '\0';
        free(vm->executable);
        vm->executable = mt_text_copy(path);
    }
}

static void explain(const struct mt_vm *vm)
{
    MT_AUTO_FREE char *core = mt_core_find(&vm->core, vm->process.pid);

    if (vm->core.why_not != NULL) {
        MT_AUTO_FREE char *why =
            mt_text("%s (it was process %d)", vm->core.why_not, (int)vm->process.pid);
        mt_backtrace_lacks(vm->backtrace_path, why);
    } else if (core == NULL) {
        MT_AUTO_FREE char *why =
            mt_text("it left no core named %s in %s", vm->core.name, vm->core.folder);
        mt_backtrace_lacks(vm->backtrace_path, why);
    } else {
        mt_backtrace_core(core, vm->executable != NULL ? vm->executable : vm->binary, limit_ms,
                          vm->backtrace_path);
        unlink(core);
    }
}

void mt_vm_explain_crash(const struct mt_vm *vm)
{
    bool crashed = vm->process.ended && WIFSIGNALED(vm->process.status) &&
                   WTERMSIG(vm->process.status) != SIGKILL;

    if (crashed && vm->backtrace_path != NULL) {
        explain(vm);
    }
}
