/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/reproduce.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/quote.h"
#include "manifest/values.h"

static void add_word(char **command, const char *option, const char *value)
{
    if (value == NULL) {
        return;
    }
    MT_AUTO_FREE char *shown = mt_quote(value);
    mt_text_append(command, " %s%s%s", option, option[0] != '\0' ? " " : "", shown);
}

char *mt_reproduce_command(const struct mt_cli_options *options, bool other_host)
{
    char *command = mt_text_copy("migtest run");
    MT_AUTO_FREE char *timeout =
        options->timeout_ms > 0 ? mt_duration_text(options->timeout_ms) : NULL;
    MT_AUTO_FREE char *stress = options->stress > 0 ? mt_text("%" PRId64, options->stress) : NULL;

    add_word(&command, "", options->argument);
    add_word(&command, "--host", other_host ? options->host : NULL);
    add_word(&command, "--source", options->source);
    add_word(&command, "--destination", options->destination);
    for (size_t i = 0; i < options->plugin_path.count; i++) {
        add_word(&command, "--plugin-path", options->plugin_path.items[i]);
    }
    add_word(&command, "", options->insecure ? "--allow-insecure-plugins" : NULL);
    add_word(&command, "--stress", stress);
    add_word(&command, "--timeout", timeout);
    char *complete = options->slow ? mt_text("%s --slow", command) : mt_text_copy(command);
    free(command);
    return complete;
}
