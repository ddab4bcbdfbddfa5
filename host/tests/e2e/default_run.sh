#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The built-in manifest on the installed QEMU: what upstream tests passes, and JUnit says so.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"

passing=(precopy:precopy/unix/plain precopy:precopy/unix/self-start
    precopy:precopy/unix/suspend/live precopy:precopy/unix/suspend/notlive
    precopy:precopy/tcp/plain precopy:precopy/tcp/plain/switchover-ack precopy:auto_converge
    precopy:auto_converge/throttled precopy:auto_converge/maximum
    precopy:precopy/tcp/switchover-ack/held precopy:precopy/tcp/return-path/held
    precopy:precopy/unix/bandwidth precopy:precopy/unix/switchover
    precopy:precopy/unix/announce precopy:precopy/unix/shared-disk
    precopy:precopy/unix/working-set precopy:precopy/unix/dirty-rate
    precopy:precopy/unix/leaks precopy:precopy/unix/lost-destination
    fd:precopy/fd/tcp fd:precopy/fd/file multifd:multifd/tcp/uri/plain/none
    multifd:multifd/tcp/channels/plain/none multifd:multifd/tcp/self-start
    multifd:multifd/tcp/channels multifd:multifd/tcp/plain/zero-page/multifd
    multifd:multifd/tcp/plain/zero-page/legacy multifd:multifd/tcp/plain/zero-page/none
    multifd:multifd/tcp/plain/cancel)
kvm=(precopy:dirty_ring dirtylimit:dirty_limit dirtylimit:vcpu_dirty_limit)

expect_passed_or_skipped_for_kvm() {
    for test in "${kvm[@]}"; do
        if grep -q "\"test\":\"${test#*:}\".*\"outcome\":\"passed\"" migtest-results/journal.jsonl; then
            continue
        fi
        expect_outcome "${test%%:*}" "${test#*:}" skipped 'it needs KVM'
    done
}

# What is somebody else's in the results folder stays there.
mkdir migtest-results
echo theirs >migtest-results/theirs

run run --slow --junit junit.xml
expect_status 0
for test in "${passing[@]}"; do
    expect_outcome "${test%%:*}" "${test#*:}" passed
done
expect_passed_or_skipped_for_kvm
expect_nothing_left
valid_junit junit.xml
checks=$((checks + 1))
[ "$(xmllint --xpath 'count(//testcase)' junit.xml)" -eq 32 ] || fail "not 32 cases in JUnit"
[ "$(xmllint --xpath 'string(//testcase[@name="precopy/unix/plain"]/@classname)' junit.xml)" = \
    migtest.precopy ] || fail "wrong classname"

manifest <<'END'
version: 1
name: never.held
hold: never
plugins: {precopy: , multifd: , dirtylimit: , fd: }
END
run run -t precopy/unix/plain --junit junit.xml manifest.yaml
expect_status 0
expect_outcome precopy precopy/unix/plain passed
expect_nothing_left
valid_junit junit.xml
[ "$(xmllint --xpath 'string(//testcase[@name="precopy/unix/plain"]/@classname)' junit.xml)" = \
    never_held.precopy ] || fail "wrong classname of a named manifest"
checks=$((checks + 1))
[ "$(cat migtest-results/theirs)" = theirs ] || fail "what else was in the results folder is gone"
[ -s migtest-results.previous/journal.jsonl ] || fail "the results of the run before were not kept"
finish
