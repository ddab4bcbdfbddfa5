/* SPDX-License-Identifier: Apache-2.0 */
/* The options of the command line. An option is the same in every command that accepts it. */
#ifndef MT_CLI_OPTIONS_H
#define MT_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* The index-th of `count` parts; a count of 0: all tests. */
struct mt_cli_shard {
    int64_t index;
    int64_t count;
    const char *text; /* as the user wrote it */
};

struct mt_cli_options {
    const char *argument; /* a manifest, or what the command takes in its place; NULL: none */
    const char *const *journals; /* all arguments, for a command that takes several */
    char host[256];              /* the name of this host, or of --host */
    const char *junit;
    const char *tap;
    const char *results;
    struct mt_strings tests;
    struct mt_strings skips;
    struct mt_strings tags;
    struct mt_strings skip_tags;
    struct mt_cli_shard shard;
    const char *failed; /* a journal; "": that of the last results; NULL: no --failed */
    struct mt_strings plugin_path;
    bool insecure; /* plugins are loaded even if other users may write to their files */
    const char *source;
    const char *destination;
    const char *color;
    int64_t jobs; /* -1: automatic; 0: as the manifest says */
    int64_t timeout_ms;
    int64_t retries;
    int64_t repeat; /* 0: not repeated */
    int64_t seed;   /* of the order of the tests; 0: the planned order */
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
    char *reproduce; /* the command that runs a test again, up to -t */
};

#define MT_JOURNALS "JOURNAL..."

/*
 * Parses the arguments after the command's name. Returns -1 to go on, or the exit status: 0 after
 * the help was printed, 2 after a message. `allowed` are the long options that the command accepts,
 * ended by NULL (NULL: all options); MT_JOURNALS among them allows any number of arguments.
 */
int mt_cli_options_parse(int argc, char **argv, const char *command, const char *usage,
                         const char *const *allowed, struct mt_cli_options *ret_options);
void mt_cli_options_clear(struct mt_cli_options *options);

#endif
