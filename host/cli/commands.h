/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of migtest. Each gets its own name as argv[0] and returns an exit status. */
#ifndef MT_CLI_COMMANDS_H
#define MT_CLI_COMMANDS_H

int mt_command_run(int argc, char **argv);
int mt_command_list(int argc, char **argv);
int mt_command_doctor(int argc, char **argv);
int mt_command_check(int argc, char **argv);
int mt_command_plugin(int argc, char **argv);
int mt_command_report(int argc, char **argv);
int mt_command_box(int argc, char **argv);
int mt_command_qemu(int argc, char **argv);

#endif
