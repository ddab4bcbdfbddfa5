/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of `migtest qemu` that have a file of their own. */
#ifndef MT_CLI_QEMU_COMMANDS_H
#define MT_CLI_QEMU_COMMANDS_H

int mt_command_qemu_list(int argc, char **argv);

#endif
