/* SPDX-License-Identifier: Apache-2.0 */
/* The description of an option of the command line, and the functions that set its value. */
#ifndef MT_CLI_OPTION_VALUES_H
#define MT_CLI_OPTION_VALUES_H

#include <stddef.h>
#include <stdint.h>

#include "cli/options.h"

struct mt_cli_option {
    const char *name;
    char letter; /* 0: none */
    int argument;
    int (*take)(const struct mt_cli_option *option, const char *value,
                struct mt_cli_options *options);
    size_t offset; /* of the member that the option sets */
    int64_t minimum;
    int64_t maximum;
    const char *const *words;
};

/* Each returns 0, or -1 after it has printed what is wrong with the value. */
int mt_take_flag(const struct mt_cli_option *option, const char *value,
                 struct mt_cli_options *options);
int mt_take_text(const struct mt_cli_option *option, const char *value,
                 struct mt_cli_options *options);
int mt_take_optional_text(const struct mt_cli_option *option, const char *value,
                          struct mt_cli_options *options);
int mt_take_word(const struct mt_cli_option *option, const char *value,
                 struct mt_cli_options *options);
int mt_take_more(const struct mt_cli_option *option, const char *value,
                 struct mt_cli_options *options);
int mt_take_int(const struct mt_cli_option *option, const char *value,
                struct mt_cli_options *options);
int mt_take_duration(const struct mt_cli_option *option, const char *value,
                     struct mt_cli_options *options);
int mt_take_jobs(const struct mt_cli_option *option, const char *value,
                 struct mt_cli_options *options);
int mt_take_seed(const struct mt_cli_option *option, const char *value,
                 struct mt_cli_options *options);
int mt_take_shard(const struct mt_cli_option *option, const char *value,
                  struct mt_cli_options *options);
int mt_take_host(const struct mt_cli_option *option, const char *value,
                 struct mt_cli_options *options);

#endif
