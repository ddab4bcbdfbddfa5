#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A test may reset the guest, and give it devices; a guest that reboots by itself is told of.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"
old_qemu=${3:-}

passing=(before at-once during after busy suspended called-off plugged plugged/reset)

# expect_resets FIRMWARE QEMU OPTIONS...
expect_resets() {
    printf 'version: 1\naccel: tcg\nfirmware: %s\nplugins: {resets: {}}\n' "$1" >manifest.yaml
    run run --plugin-path "$build/tests/plugins" --source "$2" --destination "$2" "${@:3}" manifest.yaml
    expect_status 1
    for test in "${passing[@]}"; do
        expect_outcome resets "$test" passed
    done
    expect_outcome resets by-the-guest failed \
        'the guest on the source rebooted by itself: QEMU says RESET, reason guest-reset'
    expect_outcome resets source-after failed 'the source was reset after it had stopped for the switchover'
    expect_outcome resets plugged/not-noted failed \
        "the guest's register pci 00:19.0 0x[0-9a-f]* was 0x[0-9a-f]* and is 0x"
}

expect_resets none qemu-system-x86_64
expect_outcome resets at-the-end passed
# SeaBIOS answers a reset with a reset of its own. In at-the-end that one may come after the switchover, and
# then the test fails, rightly.
expect_resets seabios qemu-system-x86_64 --skip at-the-end
if [ -n "$old_qemu" ]; then
    expect_resets none "$old_qemu"
    expect_outcome resets at-the-end passed
fi
expect_nothing_left
finish
