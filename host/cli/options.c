/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/suggest.h"
#include "cli/diagnostics.h"
#include "cli/option_values.h"
#include "cli/reproduce.h"

#define AT(member) offsetof(struct mt_cli_options, member)

enum { DAY_MS = 24 * 60 * 60 * 1000 };

/* One line for each option. Each command has its own list of the options that it accepts. */
static const struct mt_cli_option table[] = {
    {"allow-insecure-plugins", 0, no_argument, mt_take_flag, AT(insecure), 0, 0, NULL},
    {"color", 0, required_argument, mt_take_word, AT(color), 0, 0,
     (const char *const[]){"auto", "always", "never", NULL}},
    {"destination", 0, required_argument, mt_take_text, AT(destination), 0, 0, NULL},
    {"dry-run", 0, no_argument, mt_take_flag, AT(dry_run), 0, 0, NULL},
    {"fail-fast", 0, no_argument, mt_take_flag, AT(fail_fast), 0, 0, NULL},
    {"failed", 0, optional_argument, mt_take_optional_text, AT(failed), 0, 0, NULL},
    {"github", 0, no_argument, mt_take_flag, AT(github), 0, 0, NULL},
    {"host", 0, required_argument, mt_take_host, AT(host), 0, 0, NULL},
    {"jobs", 'j', required_argument, mt_take_jobs, AT(jobs), 1, 1024, NULL},
    {"json", 0, no_argument, mt_take_flag, AT(json), 0, 0, NULL},
    {"junit", 0, required_argument, mt_take_text, AT(junit), 0, 0, NULL},
    {"plugin-path", 0, required_argument, mt_take_more, AT(plugin_path), 0, 0, NULL},
    {"quiet", 'q', no_argument, mt_take_flag, AT(quiet), 0, 0, NULL},
    {"repeat", 0, required_argument, mt_take_int, AT(repeat), 1, 1000000, NULL},
    {"resolved", 0, no_argument, mt_take_flag, AT(resolved), 0, 0, NULL},
    {"results", 0, required_argument, mt_take_text, AT(results), 0, 0, NULL},
    {"resume", 0, no_argument, mt_take_flag, AT(resume), 0, 0, NULL},
    {"retries", 0, required_argument, mt_take_int, AT(retries), 0, 100, NULL},
    {"shard", 0, required_argument, mt_take_shard, AT(shard), 1, 100000, NULL},
    {"shuffle", 0, required_argument, mt_take_seed, AT(seed), 1, INT32_MAX, NULL},
    {"skip", 0, required_argument, mt_take_more, AT(skips), 0, 0, NULL},
    {"skip-tag", 0, required_argument, mt_take_more, AT(skip_tags), 0, 0, NULL},
    {"slow", 0, no_argument, mt_take_flag, AT(slow), 0, 0, NULL},
    {"source", 0, required_argument, mt_take_text, AT(source), 0, 0, NULL},
    {"stress", 0, required_argument, mt_take_int, AT(stress), 1, 1024, NULL},
    {"tag", 0, required_argument, mt_take_more, AT(tags), 0, 0, NULL},
    {"tap", 0, required_argument, mt_take_text, AT(tap), 0, 0, NULL},
    {"test", 't', required_argument, mt_take_more, AT(tests), 0, 0, NULL},
    {"timeout", 0, required_argument, mt_take_duration, AT(timeout_ms), 1, DAY_MS, NULL},
    {"until-fail", 0, no_argument, mt_take_flag, AT(until_fail), 0, 0, NULL},
    {"verbose", 'v', no_argument, mt_take_flag, AT(verbose), 0, 0, NULL},
};

enum { OPTIONS = sizeof(table) / sizeof(table[0]), FIRST = 256 };

static bool is_allowed(const char *name, const char *const *allowed)
{
    if (allowed == NULL) {
        return true;
    }
    for (; *allowed != NULL; allowed++) {
        if (strcmp(*allowed, name) == 0) {
            return true;
        }
    }
    return false;
}

/* The options in the form of getopt_long, with --help as the last. */
static void fill_long_options(struct option long_options[OPTIONS + 2])
{
    for (int i = 0; i < OPTIONS; i++) {
        long_options[i] = (struct option){table[i].name, table[i].argument, NULL, FIRST + i};
    }
    long_options[OPTIONS] = (struct option){"help", no_argument, NULL, 'h'};
    long_options[OPTIONS + 1] = (struct option){NULL, 0, NULL, 0};
}

static const struct mt_cli_option *option_of(int value)
{
    if (value >= FIRST) {
        return &table[value - FIRST];
    }
    for (int i = 0; i < OPTIONS; i++) {
        if (table[i].letter == value) {
            return &table[i];
        }
    }
    return NULL;
}

static int complain_unknown(const char *argument, const char *command)
{
    const char *names[OPTIONS + 1] = {0};
    const char *word = argument + strspn(argument, "-");

    for (int i = 0; i < OPTIONS; i++) {
        names[i] = table[i].name;
    }
    MT_AUTO_FREE char *bare = mt_text("%.*s", (int)strcspn(word, "="), word);
    const char *near = mt_suggest(bare, names);
    mt_diagnose(
        "%s: unknown option or missing value: %s; expected one that migtest %s --help lists%s%s%s",
        command, argument, command, near != NULL ? "; did you mean --" : "",
        near != NULL ? near : "", near != NULL ? "?" : "");
    return MT_EXIT_USAGE;
}

static int parse_option(struct mt_cli_options *options, int value, char **argv, const char *command,
                        const char *usage, const char *const *allowed)
{
    if (value == 'h') {
        fputs(usage, stdout);
        return MT_EXIT_PASSED;
    }
    const struct mt_cli_option *option = option_of(value);
    if (option == NULL) {
        return complain_unknown(argv[optind - 1], command);
    }
    if (!is_allowed(option->name, allowed)) {
        mt_diagnose("%s does not take --%s; expected an option that migtest %s --help lists",
                    command, option->name, command);
        return MT_EXIT_USAGE;
    }
    return option->take(option, optarg, options) < 0 ? MT_EXIT_USAGE : -1;
}

static int check_together(const struct mt_cli_options *options, const char *command)
{
    static const char *const both = "%s: %s and %s do not go together; expected one of them";

    if (options->until_fail && options->repeat > 0) {
        mt_diagnose(both, command, "--until-fail", "--repeat");
        return MT_EXIT_USAGE;
    }
    if (options->until_fail && options->retries > 0) {
        mt_diagnose(both, command, "--until-fail", "--retries");
        return MT_EXIT_USAGE;
    }
    if (options->resume && options->failed != NULL) {
        mt_diagnose(both, command, "--resume", "--failed");
        return MT_EXIT_USAGE;
    }
    return -1;
}

static void finish_options(struct mt_cli_options *options, const char *argument)
{
    bool other_host = options->host[0] != '\0';

    options->argument = argument;
    if (!other_host && gethostname(options->host, sizeof(options->host) - 1) < 0) {
        snprintf(options->host, sizeof(options->host), "localhost");
    }
    options->reproduce = mt_reproduce_command(options, other_host);
}

int mt_cli_options_parse(int argc, char **argv, const char *command, const char *usage,
                         const char *const *allowed, struct mt_cli_options *ret_options)
{
    struct mt_cli_options options = {.color = "auto"};
    struct option long_options[OPTIONS + 2];
    int status = -1;
    int value;

    fill_long_options(long_options);
    opterr = 0;
    /* 0 makes glibc forget an earlier parse, which was of the options of migtest box. */
    optind = 0;
    while (status < 0 && (value = getopt_long(argc, argv, ":t:j:qvh", long_options, NULL)) != -1) {
        status = parse_option(&options, value, argv, command, usage, allowed);
    }
    if (status < 0 && argc - optind > 1 && !is_allowed(MT_JOURNALS, allowed)) {
        mt_diagnose("%s: more than one argument: %s; expected at most one", command,
                    argv[optind + 1]);
        status = MT_EXIT_USAGE;
    }
    if (status < 0) {
        status = check_together(&options, command);
    }
    if (status >= 0) {
        mt_cli_options_clear(&options);
        return status;
    }
    finish_options(&options, argv[optind]);
    options.journals = (const char *const *)argv + optind;
    *ret_options = options;
    return -1;
}

void mt_cli_options_clear(struct mt_cli_options *options)
{
    mt_strings_clear(&options->tests);
    mt_strings_clear(&options->skips);
    mt_strings_clear(&options->tags);
    mt_strings_clear(&options->skip_tags);
    mt_strings_clear(&options->plugin_path);
    free(options->reproduce);
}
