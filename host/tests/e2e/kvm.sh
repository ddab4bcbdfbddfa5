#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# KVM asked for: it is used where it works, with what differs under it allowed for; where it does
# not work, every test says why.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"

tests=(precopy:precopy/unix/plain multifd:multifd/tcp/uri/plain/none fd:precopy/fd/file)

manifest <<'END'
version: 1
accel: kvm
plugins: {precopy: {}, multifd: {}, fd: {}}
END

expect_used() {
    expect_status 0
    for test in "${tests[@]}"; do
        expect_outcome "${test%%:*}" "${test#*:}" passed
    done
    checks=$((checks + 1))
    [ "$(grep -c '"key":"destination","value":"kvm in use' migtest-results/journal.jsonl)" -eq \
        "${#tests[@]}" ] || fail "not all of them ran under KVM"
    expect_journal '"key":"not kept by QEMU","value":"kvmclock.clock: '
}

expect_reason() {
    expect_status 1
    for test in "${tests[@]}"; do
        expect_outcome "${test%%:*}" "${test#*:}" error 'no accelerator works here; kvm: '
    done
}

run doctor
expect_out '^kvm '
works=false
! grep -q '^kvm  *works: ' out || works=true
run run -t precopy/unix/plain -t multifd/tcp/uri/plain/none -t precopy/fd/file manifest.yaml
if "$works"; then
    expect_used
else
    expect_reason
fi
expect_nothing_left
finish
