/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/terminal_options.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool wants_color(const char *when)
{
    if (strcmp(when, "auto") != 0) {
        return strcmp(when, "always") == 0;
    }
    const char *no_color = getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) && (no_color == NULL || no_color[0] == '\0');
}

struct mt_terminal mt_terminal_of(const struct mt_cli_options *options)
{
    return (struct mt_terminal){
        .out = stdout,
        .color = wants_color(options->color),
        .verbose = options->verbose,
        .quiet = options->quiet,
    };
}

void mt_terminal_go_live(struct mt_terminal *terminal)
{
    const char *kind = getenv("TERM");

    terminal->live.on =
        isatty(STDOUT_FILENO) && kind != NULL && kind[0] != '\0' && strcmp(kind, "dumb") != 0;
}
