/* SPDX-License-Identifier: Apache-2.0 */
#include "report/lines.h"

#include <string.h>

#include "base/clean.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "report/disarm.h"

static const char yellow[] = "\x1b[33m";

void mt_print_word(const struct mt_terminal *terminal, const char *word, const char *color)
{
    fprintf(terminal->out, "%s%12s%s ", terminal->color ? color : "", word,
            terminal->color ? "\x1b[0m" : "");
}

static void print_test(const struct mt_terminal *terminal, const char *word, const char *color,
                       double seconds, const struct mt_test_id *id)
{
    MT_AUTO_FREE char *name = mt_test_name(id);
    MT_AUTO_FREE char *clean = mt_clean_line(name);
    MT_AUTO_FREE char *disarmed = mt_disarm(clean);

    mt_print_word(terminal, word, color);
    if (seconds > 0) {
        fprintf(terminal->out, "[%8.3fs] %s\n", seconds, disarmed);
    } else {
        fprintf(terminal->out, "[         ] %s\n", disarmed);
    }
}

void mt_print_test(const struct mt_terminal *terminal, const char *word, double seconds,
                   const struct mt_test_id *id)
{
    print_test(terminal, word, yellow, seconds, id);
}

void mt_print_outcome(const struct mt_terminal *terminal, enum mt_outcome outcome, double seconds,
                      const struct mt_test_id *id)
{
    static const char green[] = "\x1b[32m";
    static const char red[] = "\x1b[31m";
    static const struct {
        const char *word;
        const char *color;
    } styles[] = {
        [MT_OUTCOME_PASSED] = {"PASS", green},   [MT_OUTCOME_FLAKY] = {"FLAKY", yellow},
        [MT_OUTCOME_SKIPPED] = {"SKIP", yellow}, [MT_OUTCOME_FAILED] = {"FAIL", red},
        [MT_OUTCOME_ERROR] = {"ERROR", red},     [MT_OUTCOME_QUARANTINED] = {"QUARANTINED", yellow},
    };

    print_test(terminal, styles[outcome].word, styles[outcome].color, seconds, id);
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
