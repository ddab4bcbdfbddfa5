/* SPDX-License-Identifier: Apache-2.0 */
/* The command line's options, the same for every sub-command that takes them. */
#ifndef MT_CLI_OPTIONS_H
#define MT_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* The index-th of so many parts; a count of 0: all of it. */
struct mt_cli_shard {
    int64_t index;
    int64_t count;
    const char *text; /* as it was given */
};

struct mt_cli_options {
    const char *argument; /* a manifest, or what the command takes in its place; NULL: none */
    const char *const *journals; /* all arguments, for a command that takes several */
    char host[256];              /* this host's name, or the one it is to act as */
    const char *junit;
    const char *tap;
    const char *results;
    struct mt_strings tests;
    struct mt_strings skips;
    struct mt_strings tags;
    struct mt_strings skip_tags;
    struct mt_cli_shard shard;
    const char *failed; /* a journal; "": the one of the last results; NULL: not asked for */
    struct mt_strings plugin_path;
    bool insecure; /* plugins whom others may have written are loaded, too */
    const char *source;
    const char *destination;
    const char *color;
    int64_t jobs; /* -1: as many as fit; 0: as the manifest says */
    int64_t timeout_ms;
    int64_t retries;
    int64_t repeat; /* 0: not repeated */
    int64_t seed;   /* of the order; 0: as planned */
    int64_t stress; /* busy loops beside the tests */
    bool until_fail;
    bool resume;
    bool json;
    bool slow;
    bool dry_run;
    bool fail_fast;
    bool resolved;
    bool github;
    bool quiet;
    bool verbose;
    char *reproduce; /* the command with those options that matter, to run one test again */
};

#define MT_JOURNALS "JOURNAL..."

/*
 * Parses what follows the sub-command's name. Returns -1 to go on, or the exit status: 0 when help
 * was asked for, 2 when something is wrong, which has been said then. `allowed` are the long
 * options that the sub-command takes, ended by NULL; MT_JOURNALS among them stands for any number
 * of arguments.
 */
int mt_cli_options_parse(int argc, char **argv, const char *command, const char *usage,
                         const char *const *allowed, struct mt_cli_options *ret_options);
void mt_cli_options_clear(struct mt_cli_options *options);

#endif
