/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of `migtest plugin`, a file each. */
#ifndef MT_CLI_PLUGIN_COMMANDS_H
#define MT_CLI_PLUGIN_COMMANDS_H

int mt_command_plugin_new(int argc, char **argv);
int mt_command_plugin_show(int argc, char **argv);
int mt_command_plugin_test(int argc, char **argv);

#endif
