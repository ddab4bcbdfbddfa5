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
expect_outcome faults stale-page failed 'the guest found its memory wrong: at address 0x02346[0-9a-f]{3} '
expect_outcome faults lost-page failed \
    'the guest found its memory wrong: at address 0x06441000 it expected 0x[0-9a-f]* and found 0x00000000'
expect_outcome faults lost-device-field failed \
    'comparing device state: serial.state.scr: source 0x[0-9a-f]*, destination 0x77"'
expect_outcome faults lost-device-field/plugged failed \
    'comparing device state: serial.state.scr: source 0x[0-9a-f]*, destination 0x77"'
expect_outcome faults lost-hidden-field/excused passed
expect_journal '"key":"not kept by QEMU","value":"dma.regs[0].mode: the test changes it"'
expect_outcome faults lost-register failed \
    'comparing device state: cpu.env.regs.3.: source 0x[0-9a-f]*, destination 0x0000000044332211'
expect_outcome faults lost-msr failed \
    'comparing device state: cpu.env.kernelgsbase: source 0x[0-9a-f]*, destination 0x0000000044332211'
expect_outcome faults lost-hidden-field failed \
    'comparing device state: dma.regs.0..mode: source 0x48, destination 0x58'
expect_outcome faults lost-device-field/self-start failed \
    "destination.: the guest's register uart scratch was 0x000000a7 and is 0x00000077"
expect_outcome faults other-view failed \
    'comparing what QEMU shows of itself: info pci: 0:1.0.id: source .*here.*, destination .*there'
expect_outcome faults clock-anew passed
expect_outcome faults leaked-descriptor failed \
    'the source is left with [0-9]+ files .[0-9]+ before.: [0-9]+ ./dev/null.'
expect_outcome faults second-owner failed 'the destination should be paused, query-status says running'
expect_outcome faults early-switchover failed 'the source stopped for the switchover after [01] passes'
expect_outcome faults destination-dies failed 'the destination .* was killed by SIGABRT'
expect_outcome faults refused-device failed \
    'the migration is failed on the destination: the destination .* exited with status 1, its last words: .*virtio-rng'
expect_outcome faults refused-stream failed \
    'the destination .* exited with status 1, its last words: .*section'
expect_outcome faults refused-stream/awaited passed
expect_outcome faults asks-after-switchover failed "waiting for the guest's next pass .source.: the source is stopped"
expect_outcome faults wrong-exit-status failed 'expected an end with exit status 1: .*exited with status 0'

# What the manifest knows that QEMU does not keep is let pass, and counted; not by the guest, which
# reads back what it can.
manifest <<'END'
version: 1
plugins: {faults: {}}
not_kept:
  - {section: serial, field: state.scr, reason: "our own doing"}
  - {section: dma, field: "regs[0].mode", reason: "nobody misses it"}
  - {section: cpu, field: env.kernelgsbase, reason: "our own doing, too"}
END
run run --plugin-path "$build/tests/plugins" -t 'lost-*' --skip 'lost-byte*' --skip '*/plugged' --skip '*/excused' manifest.yaml
expect_status 1
expect_outcome faults lost-hidden-field passed
expect_outcome faults lost-register failed 'cpu.env.regs'
expect_outcome faults lost-device-field failed \
    "destination.: the guest's register uart scratch was 0x000000a7 and is 0x00000077"
expect_outcome faults lost-msr failed \
    "destination.: the guest's register msr 0xc0000102 low was 0x6b650030 and is 0x44332211"
expect_journal '"key":"not kept by QEMU","value":"dma.regs[0].mode: nobody misses it"'

# An oracle that cannot look fails the test, unless the manifest allows it to be blind.
cat >no-room-for-files <<END
#!/bin/sh
trap '' XFSZ
ulimit -f 0
exec $(command -v qemu-system-x86_64) "\$@"
END
chmod +x no-room-for-files
printf 'version: 1\nplugins: {precopy: {}}\n' >manifest.yaml
run run --destination ./no-room-for-files -t precopy/unix/plain manifest.yaml
expect_status 1
expect_outcome precopy precopy/unix/plain failed 'comparing device state: the destination refused xen-save-devices-state'
printf 'blind: [state]\n' >>manifest.yaml
run run --destination ./no-room-for-files -t precopy/unix/plain manifest.yaml
expect_status 0
expect_journal '"key":"blind","value":"the destination refused xen-save-devices-state'
expect_nothing_left
finish
