#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# KVM asked for: it is used where it works, with what differs under it allowed for; where it does
# not work, that is said.
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
    expect_status 2
    expect_err 'no accelerator works here; kvm: '
    expect_out '^3 tests were not run for this$'
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

# The dirty ring that is required lacks where KVM does, and its test is not skipped then.
manifest <<'END'
version: 1
require: [dirty-ring]
plugins: {precopy: {}}
END
run run -t dirty_ring manifest.yaml
checks=$((checks + 1))
[ "$(count_outcomes skipped)" -eq 0 ] || fail 'a test that needs the required dirty ring was skipped'
if ! "$works"; then
    expect_status 1
    expect_outcome precopy dirty_ring failed 'dirty-ring is required by the manifest, but it needs KVM'
fi
expect_nothing_left
finish
