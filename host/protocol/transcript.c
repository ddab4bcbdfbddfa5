/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/transcript.h"

#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

/* The line is "1764027601.123456 <- TEXT". It is cut at its spaces. */
static bool transcript_parse(char *line, struct mt_transcript_line *ret_line)
{
    char *end;
    double time = strtod(line, &end);
    char *text = *end == ' ' ? strchr(end + 1, ' ') : NULL;

    if (text == NULL) {
        return false;
    }
    *text = '\0';
    *ret_line = (struct mt_transcript_line){.time = time, .mark = end + 1, .text = text + 1};
    return true;
}

static void transcript_read_part(const char *path, void *data,
                                 void (*take)(void *data, const struct mt_transcript_line *line))
{
    MT_AUTO_FILE FILE *file = fopen(path, "re");
    MT_AUTO_FREE char *text = NULL;
    struct mt_transcript_line line;
    size_t room = 0;
    ssize_t size;

    while (file != NULL && (size = getline(&text, &room, file)) > 0) {
        text[size - (text[size - 1] == '\n')] = '\0';
        if (transcript_parse(text, &line)) {
            take(data, &line);
        }
    }
}

void mt_transcript_read(const char *path, void *data,
                        void (*take)(void *data, const struct mt_transcript_line *line))
{
    MT_AUTO_FREE char *earlier = mt_text("%s.earlier", path);

    transcript_read_part(earlier, data, take);
    transcript_read_part(path, data, take);
}
