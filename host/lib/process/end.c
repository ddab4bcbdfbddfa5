/* SPDX-License-Identifier: Apache-2.0 */
/* How a process ended, and what it said last. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "lib/process/process.h"

char *mt_process_fate(const struct mt_process *process)
{
    if (!process->ended) {
        return mt_text("is running");
    }
    if (process->unknown) {
        return mt_text("ended in a way that only whoever waited for it before migtest knows");
    }
    if (WIFSIGNALED(process->status)) {
        return mt_text("was killed by SIG%s", sigabbrev_np(WTERMSIG(process->status)));
    }
    return mt_text("exited with status %d", WEXITSTATUS(process->status));
}

char *mt_process_last_words(const struct mt_process *process)
{
    char *output = NULL;
    MT_AUTO_ERROR struct mt_error ignored = {0};
    const size_t most = 2000;
    size_t size = 0;

    if (mt_file_read_end(process->output, most, &output, &size, &ignored) < 0) {
        return mt_text_copy("");
    }
    while (size > 0 && output[size - 1] == '\n') {
        output[--size] = '\0';
    }
    return output;
}

int mt_process_fail_ended(const struct mt_process *process, struct mt_error *error)
{
    MT_AUTO_FREE char *fate = mt_process_fate(process);
    MT_AUTO_FREE char *words = mt_process_last_words(process);

    return mt_fail(error, "the %s (%s) %s%s%s", process->name, process->command.items[0], fate,
                   words[0] != '\0' ? ", its last words: " : " without a word", words);
}
