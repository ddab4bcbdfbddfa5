#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Faults put into migrations on purpose are found, and what is said names them.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"

manifest <<'END'
version: 1
plugins: {faults: {}}
END
run run --plugin-path "$build/tests/plugins" manifest.yaml
expect_status 1
expect_outcome faults lost-byte failed \
    '1 pages of block pc.ram differ, first at offset 0x2345678: source 00 .* destination 10 '
expect_outcome faults lost-byte/self-start failed \
    'the guest found its memory wrong: at address 0x02345678 it expected 0x00000000 and found 0x00000010'
expect_outcome faults lost-byte/cancelled failed 'the guest found its memory wrong: at address 0x02345678'
expect_outcome faults lost-device-field failed \
    'comparing device state: serial.state.scr: source 0x[0-9a-f]*, destination 0x77"'
expect_outcome faults lost-device-field/excused passed
expect_journal '"key":"not kept by QEMU","value":"serial.state.scr: the test changes it"'
expect_outcome faults lost-register failed \
    'comparing device state: cpu.env.regs.3.: source 0x[0-9a-f]*, destination 0x0000000044332211'
expect_outcome faults other-view failed \
    'comparing what QEMU shows of itself: info pci: source .*id .*here.*, destination .*id .*there'
expect_outcome faults leaked-descriptor failed 'the source is left with [0-9]+ files .[0-9]+ before.'
expect_outcome faults second-owner failed 'the destination should be paused, query-status says running'
expect_outcome faults early-switchover failed 'the source stopped for the switchover after [01] passes'
expect_outcome faults destination-dies failed 'the destination .* was killed by SIGABRT'
expect_outcome faults wrong-exit-status failed 'expected an end with exit status 1: .*exited with status 0'

# What the manifest knows that QEMU does not keep is let pass, and counted.
manifest <<'END'
version: 1
plugins: {faults: {}}
not_kept: [{section: serial, field: state.scr, reason: "our own doing"}]
END
run run --plugin-path "$build/tests/plugins" -t lost-device-field -t lost-register manifest.yaml
expect_status 1
expect_outcome faults lost-device-field passed
expect_outcome faults lost-register failed 'cpu.env.regs'
expect_journal '"key":"not kept by QEMU","value":"serial.state.scr: our own doing"'
expect_nothing_left
finish
