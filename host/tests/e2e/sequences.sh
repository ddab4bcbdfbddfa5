#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A migration of a pair is what was asked for, whatever the one before was.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"
old_qemu=${3:-}

manifest <<'END'
version: 1
plugins: {sequences: {}}
END
for qemu in qemu-system-x86_64 ${old_qemu:+"$old_qemu"}; do
    run run --plugin-path "$build/tests/plugins" --source "$qemu" --destination "$qemu" manifest.yaml
    expect_status 0
    for test in no-pause-after-pause no-channels-after-channels stopped-guest-goes-on stopped-by-the-test \
        stopped-guest-is-limited stopped-guest-has-downtime events-are-shared \
        suspended-meanwhile-and-called-off; do
        expect_outcome sequences "$test" passed
    done
done
# What an older QEMU has not.
newer=(suspended-and-stopped bandwidth-is-declared declared-by-the-test)
run run --plugin-path "$build/tests/plugins" "${newer[@]/#/-tsequences:}" manifest.yaml
expect_status 0
for test in "${newer[@]}"; do
    expect_outcome sequences "$test" passed
done
expect_nothing_left
finish
