/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/option_values.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/cleanup.h"
#include "base/suggest.h"
#include "cli/alternatives.h"
#include "cli/diagnostics.h"
#include "manifest/values.h"

static void *member_of(const struct mt_cli_option *option, struct mt_cli_options *options)
{
    return (char *)options + option->offset;
}

int mt_take_flag(const struct mt_cli_option *option, const char *value,
                 struct mt_cli_options *options)
{
    (void)value;
    *(bool *)member_of(option, options) = true;
    return 0;
}

static int refuse_empty(const struct mt_cli_option *option, const char *value)
{
    if (value[0] != '\0') {
        return 0;
    }
    mt_diagnose("--%s is empty", option->name);
    return -1;
}

int mt_take_text(const struct mt_cli_option *option, const char *value,
                 struct mt_cli_options *options)
{
    if (refuse_empty(option, value) < 0) {
        return -1;
    }
    *(const char **)member_of(option, options) = value;
    return 0;
}

int mt_take_optional_text(const struct mt_cli_option *option, const char *value,
                          struct mt_cli_options *options)
{
    *(const char **)member_of(option, options) = value != NULL ? value : "";
    return 0;
}

int mt_take_word(const struct mt_cli_option *option, const char *value,
                 struct mt_cli_options *options)
{
    for (const char *const *word = option->words; *word != NULL; word++) {
        if (strcmp(*word, value) == 0) {
            *(const char **)member_of(option, options) = *word;
            return 0;
        }
    }
    MT_AUTO_FREE char *list = mt_alternatives(option->words);
    MT_AUTO_FREE char *suggestion = mt_suggestion(value, option->words);
    mt_diagnose("--%s is \"%s\"; expected %s%s", option->name, value, list, suggestion);
    return -1;
}

int mt_take_more(const struct mt_cli_option *option, const char *value,
                 struct mt_cli_options *options)
{
    if (refuse_empty(option, value) < 0) {
        return -1;
    }
    mt_strings_add(member_of(option, options), "%s", value);
    return 0;
}

static int take_number(const struct mt_cli_option *option, const char *value, const char *or_word,
                       int64_t *ret_value)
{
    int64_t parsed;

    if (mt_parse_int(value, &parsed) == 0 && parsed >= option->minimum &&
        parsed <= option->maximum) {
        *ret_value = parsed;
        return 0;
    }
    mt_diagnose("--%s is \"%s\"; expected %sa number from %" PRId64 " to %" PRId64, option->name,
                value, or_word, option->minimum, option->maximum);
    return -1;
}

int mt_take_int(const struct mt_cli_option *option, const char *value,
                struct mt_cli_options *options)
{
    return take_number(option, value, "", member_of(option, options));
}

int mt_take_duration(const struct mt_cli_option *option, const char *value,
                     struct mt_cli_options *options)
{
    int64_t ms;

    if (mt_parse_duration(value, &ms) < 0 || ms < option->minimum || ms > option->maximum) {
        mt_diagnose("--%s is \"%s\"; expected a time such as 60, 60s or 2m, of at most 24h",
                    option->name, value);
        return -1;
    }
    *(int64_t *)member_of(option, options) = ms;
    return 0;
}

int mt_take_jobs(const struct mt_cli_option *option, const char *value,
                 struct mt_cli_options *options)
{
    if (strcmp(value, "auto") == 0) {
        *(int64_t *)member_of(option, options) = -1;
        return 0;
    }
    return take_number(option, value, "auto or ", member_of(option, options));
}

int mt_take_seed(const struct mt_cli_option *option, const char *value,
                 struct mt_cli_options *options)
{
    uint32_t random = 0;

    if (strcmp(value, "random") != 0) {
        return take_number(option, value, "random or ", member_of(option, options));
    }
    if (getrandom(&random, sizeof(random), 0) != sizeof(random)) {
        mt_diagnose("--%s: there is no random number to be had", option->name);
        return -1;
    }
    *(int64_t *)member_of(option, options) = 1 + random % 1000000;
    return 0;
}

int mt_take_shard(const struct mt_cli_option *option, const char *value,
                  struct mt_cli_options *options)
{
    const char *slash = strchr(value, '/');
    MT_AUTO_FREE char *first = mt_text("%.*s", slash != NULL ? (int)(slash - value) : 0, value);
    struct mt_cli_shard shard = {.text = value};
    bool are_numbers = slash != NULL && mt_parse_int(first, &shard.index) == 0 &&
                       mt_parse_int(slash + 1, &shard.count) == 0;
    MT_AUTO_FREE char *plain = mt_text("%lld/%lld", (long long)shard.index, (long long)shard.count);

    /* Reports identify shards by this text, so 01/10 is refused: it would differ from 1/10. */
    if (!are_numbers || strcmp(plain, value) != 0 || shard.index < 1 || shard.index > shard.count ||
        shard.count > option->maximum) {
        mt_diagnose("--%s is \"%s\"; expected I/N, the I-th of N parts, such as 1/3", option->name,
                    value);
        return -1;
    }
    *(struct mt_cli_shard *)member_of(option, options) = shard;
    return 0;
}

int mt_take_host(const struct mt_cli_option *option, const char *value,
                 struct mt_cli_options *options)
{
    snprintf(member_of(option, options), sizeof(options->host), "%s", value);
    return 0;
}
