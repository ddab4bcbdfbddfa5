/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is to be started as one VM. The composer of a launch knows what the VM is made of.
 * mt_vm_start knows only the launch.
 */
#ifndef MT_VM_LAUNCH_H
#define MT_VM_LAUNCH_H

#include "base/text.h"

/*
 * The descriptors that the process inherits, each a connected stream socket. The command has to
 * attach the QMP monitor to the first, and the guest's serial line, if it has one, to the second.
 */
enum {
    MT_QMP_CHILD_FD = 3,
    MT_SERIAL_CHILD_FD = 4,
};

struct mt_launch {
    struct mt_strings command;      /* the program and its arguments */
    const char *const *environment; /* "NAME=VALUE", added to our own; NULL: nothing is added */
    const char *accel;              /* for the observer, as `machine` is; "": none */
    const char *machine;
};

#endif
