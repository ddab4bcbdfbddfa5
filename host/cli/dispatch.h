/* SPDX-License-Identifier: Apache-2.0 */
/* From the word on the command line to the command that it names. */
#ifndef MT_CLI_DISPATCH_H
#define MT_CLI_DISPATCH_H

struct mt_named_command {
    const char *name;
    int (*run)(int argc, char **argv);
};

/* The commands that can follow `migtest`, or a word such as `migtest plugin`. */
struct mt_command_set {
    const char *word; /* for messages: "plugin"; NULL: the commands follow `migtest` itself */
    const char *usage;
    const struct mt_named_command *commands; /* the last has no name */
};

/*
 * Runs the command that argv[1] names, with that name as its argv[0], or prints the usage where
 * argv[1] asks for help or is missing. Returns the exit status.
 */
int mt_dispatch(int argc, char **argv, const struct mt_command_set *set);

#endif
