/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/diagnostics.h"
#include "runner/manifest_values.h"
#include "runner/suggest.h"

enum {
    COLOR = 256,
    DESTINATION,
    DRY_RUN,
    FAIL_FAST,
    HOST,
    JUNIT,
    PLUGIN_PATH,
    RESOLVED,
    RESULTS,
    SKIP,
    SLOW,
    SOURCE,
    TIMEOUT
};

static const struct option long_options[] = {
    {"color", required_argument, NULL, COLOR},
    {"destination", required_argument, NULL, DESTINATION},
    {"dry-run", no_argument, NULL, DRY_RUN},
    {"fail-fast", no_argument, NULL, FAIL_FAST},
    {"help", no_argument, NULL, 'h'},
    {"host", required_argument, NULL, HOST},
    {"jobs", required_argument, NULL, 'j'},
    {"junit", required_argument, NULL, JUNIT},
    {"plugin-path", required_argument, NULL, PLUGIN_PATH},
    {"resolved", no_argument, NULL, RESOLVED},
    {"results", required_argument, NULL, RESULTS},
    {"skip", required_argument, NULL, SKIP},
    {"slow", no_argument, NULL, SLOW},
    {"source", required_argument, NULL, SOURCE},
    {"test", required_argument, NULL, 't'},
    {"timeout", required_argument, NULL, TIMEOUT},
    {"verbose", no_argument, NULL, 'v'},
    {NULL, 0, NULL, 0},
};

static const char *long_name(int value)
{
    for (const struct option *option = long_options; option->name != NULL; option++) {
        if (option->val == value) {
            return option->name;
        }
    }
    return "";
}

static bool is_allowed(int value, const char *const *allowed)
{
    if (value == 'h') {
        return true;
    }
    for (; *allowed != NULL; allowed++) {
        if (strcmp(*allowed, long_name(value)) == 0) {
            return true;
        }
    }
    return false;
}

static int take_jobs(struct mt_cli_options *options)
{
    if (strcmp(optarg, "auto") == 0) {
        options->jobs = 0;
        return 0;
    }
    if (mt_parse_int(optarg, &options->jobs) < 0 || options->jobs < 1 || options->jobs > 1024) {
        mt_diagnose("--jobs is \"%s\"; expected auto or a number from 1 to 1024", optarg);
        return -1;
    }
    return 0;
}

static int take_timeout(struct mt_cli_options *options)
{
    if (mt_parse_duration(optarg, &options->timeout_ms) < 0 || options->timeout_ms < 1) {
        mt_diagnose("--timeout is \"%s\"; expected a time such as 60, 60s or 2m", optarg);
        return -1;
    }
    return 0;
}

static int take_color(struct mt_cli_options *options)
{
    static const char *const words[] = {"auto", "always", "never", NULL};

    for (const char *const *word = words; *word != NULL; word++) {
        if (strcmp(*word, optarg) == 0) {
            options->color = *word;
            return 0;
        }
    }
    MT_AUTO_FREE char *suggestion = mt_suggestion(optarg, words);
    mt_diagnose("--color is \"%s\"; expected auto, always or never%s", optarg, suggestion);
    return -1;
}

static int take(struct mt_cli_options *options, int value)
{
    switch (value) {
    case 't':
        mt_strings_add(&options->tests, "%s", optarg);
        return 0;
    case SKIP:
        mt_strings_add(&options->skips, "%s", optarg);
        return 0;
    case PLUGIN_PATH:
        mt_strings_add(&options->plugin_path, "%s", optarg);
        return 0;
    case 'j':
        return take_jobs(options);
    case TIMEOUT:
        return take_timeout(options);
    case COLOR:
        return take_color(options);
    case HOST:
        snprintf(options->host, sizeof(options->host), "%s", optarg);
        return 0;
    default:
        break;
    }
    const char **texts[] = {[SOURCE - COLOR] = &options->source,
                            [DESTINATION - COLOR] = &options->destination,
                            [JUNIT - COLOR] = &options->junit,
                            [RESULTS - COLOR] = &options->results};
    bool *flags[] = {[SLOW - COLOR] = &options->slow,
                     [DRY_RUN - COLOR] = &options->dry_run,
                     [FAIL_FAST - COLOR] = &options->fail_fast,
                     [RESOLVED - COLOR] = &options->resolved};
    if (value == 'v') {
        options->verbose = true;
    } else if (optarg != NULL) {
        *texts[value - COLOR] = optarg;
    } else {
        *flags[value - COLOR] = true;
    }
    return 0;
}

static int complain_unknown(const char *argument, const char *command)
{
    struct mt_strings names = {0};
    const char *word = argument;

    while (*word == '-') {
        word++;
    }
    for (const struct option *option = long_options; option->name != NULL; option++) {
        mt_strings_add(&names, "%s", option->name);
    }
    MT_AUTO_FREE char *bare = mt_text("%.*s", (int)strcspn(word, "="), word);
    const char *near = mt_suggest(bare, (const char *const *)names.items);
    mt_diagnose(
        "%s: unknown option or missing value: %s; expected one that migtest %s --help lists%s%s%s",
        command, argument, command, near != NULL ? "; did you mean --" : "",
        near != NULL ? near : "", near != NULL ? "?" : "");
    mt_strings_clear(&names);
    return MT_EXIT_USAGE;
}

static int parse_option(struct mt_cli_options *options, int value, char **argv, const char *command,
                        const char *usage, const char *const *allowed)
{
    if (value == '?' || value == ':') {
        return complain_unknown(argv[optind - 1], command);
    }
    if (value == 'h') {
        fputs(usage, stdout);
        return MT_EXIT_PASSED;
    }
    if (!is_allowed(value, allowed)) {
        mt_diagnose("%s does not take --%s; expected an option that migtest %s --help lists",
                    command, long_name(value), command);
        return MT_EXIT_USAGE;
    }
    return take(options, value) < 0 ? MT_EXIT_USAGE : -1;
}

static char *quoted(const char *text)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,";
    char *out = NULL;
    size_t size = 0;

    if (text[0] != '\0' && strspn(text, plain) == strlen(text)) {
        return mt_text_copy(text);
    }
    FILE *stream = open_memstream(&out, &size);
    fputc('\'', stream);
    for (; *text != '\0'; text++) {
        fputs(*text == '\'' ? "'\\''" : (char[]){*text, '\0'}, stream);
    }
    fputc('\'', stream);
    fclose(stream);
    return out;
}

static void add_word(char **command, const char *option, const char *value)
{
    if (value == NULL) {
        return;
    }
    MT_AUTO_FREE char *shown = quoted(value);
    char *longer = mt_text("%s %s%s%s", *command, option, option[0] != '\0' ? " " : "", shown);
    free(*command);
    *command = longer;
}

static void make_reproduce(struct mt_cli_options *options, bool other_host)
{
    char *command = mt_text_copy("migtest run");

    add_word(&command, "", options->manifest);
    add_word(&command, "--host", other_host ? options->host : NULL);
    add_word(&command, "--source", options->source);
    add_word(&command, "--destination", options->destination);
    for (size_t i = 0; i < options->plugin_path.count; i++) {
        add_word(&command, "--plugin-path", options->plugin_path.items[i]);
    }
    options->reproduce = options->slow ? mt_text("%s --slow", command) : mt_text_copy(command);
    free(command);
}

int mt_cli_options_parse(int argc, char **argv, const char *command, const char *usage,
                         const char *const *allowed, struct mt_cli_options *ret_options)
{
    struct mt_cli_options options = {.color = "auto"};
    int status = -1;
    int value;

    opterr = 0;
    optind = 1;
    while (status < 0 && (value = getopt_long(argc, argv, ":t:j:vh", long_options, NULL)) != -1) {
        status = parse_option(&options, value, argv, command, usage, allowed);
    }
    if (status < 0 && argc - optind > 1) {
        mt_diagnose("%s: more than one argument: %s; expected at most one", command,
                    argv[optind + 1]);
        status = MT_EXIT_USAGE;
    }
    if (status >= 0) {
        mt_cli_options_clear(&options);
        return status;
    }
    options.manifest = argv[optind];
    bool other_host = options.host[0] != '\0';
    if (!other_host && gethostname(options.host, sizeof(options.host) - 1) < 0) {
        snprintf(options.host, sizeof(options.host), "localhost");
    }
    make_reproduce(&options, other_host);
    *ret_options = options;
    return -1;
}

void mt_cli_options_clear(struct mt_cli_options *options)
{
    mt_strings_clear(&options->tests);
    mt_strings_clear(&options->skips);
    mt_strings_clear(&options->plugin_path);
    free(options->reproduce);
}
