/* SPDX-License-Identifier: Apache-2.0 */
#include "report/lines.h"

#include <string.h>

#include "base/clean.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "report/disarm.h"

static const struct style {
    const char *outcome;
    const char *word;
    const char *color;
} styles[] = {
    {"passed", "PASS", "\x1b[32m"},
    {"flaky", "FLAKY", "\x1b[33m"},
    {"quarantined", "QUARANTINED", "\x1b[33m"},
    {"retried", "TRY AGAIN", "\x1b[33m"},
    {"slow", "SLOW", "\x1b[33m"},
    {"failed", "FAIL", "\x1b[31m"},
    {"error", "ERROR", "\x1b[31m"},
    {"skipped", "SKIP", "\x1b[33m"},
};

static const struct style *style_of(const char *outcome)
{
    for (size_t i = 0; i < sizeof(styles) / sizeof(styles[0]); i++) {
        if (outcome != NULL && strcmp(styles[i].outcome, outcome) == 0) {
            return &styles[i];
        }
    }
    return style_of("error");
}

void mt_print_word(const struct mt_terminal *terminal, const char *word, const char *color)
{
    fprintf(terminal->out, "%s%12s%s ", terminal->color ? color : "", word,
            terminal->color ? "\x1b[0m" : "");
}

void mt_print_test(const struct mt_terminal *terminal, const char *outcome, double seconds,
                   const struct mt_test_id *id)
{
    const struct style *style = style_of(outcome);
    MT_AUTO_FREE char *name = mt_test_name(id);
    MT_AUTO_FREE char *clean = mt_clean_line(name);
    MT_AUTO_FREE char *disarmed = mt_disarm(clean);

    mt_print_word(terminal, style->word, style->color);
    if (seconds > 0) {
        fprintf(terminal->out, "[%8.3fs] %s\n", seconds, disarmed);
    } else {
        fprintf(terminal->out, "[         ] %s\n", disarmed);
    }
}

void mt_print_indented(const struct mt_terminal *terminal, const char *text)
{
    MT_AUTO_FREE char *clean = mt_clean(text, strlen(text));
    MT_AUTO_FREE char *disarmed = mt_disarm(clean);
    char *rest = NULL;

    for (char *line = strtok_r(disarmed, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        fprintf(terminal->out, "                         %s\n", line);
    }
}
