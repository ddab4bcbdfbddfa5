#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every test passes in every nightly of config/, or is skipped for want of KVM; a few do with the
# release's own QEMU, too, on either side. What is slow is left out: it takes the same steps on the
# same machine.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"
old=${3:-}

pass_with() {
    local nightly=$1
    shift
    run run --results migtest-results -t precopy/unix/plain -t multifd/tcp/channels "$@" "$nightly"
    expect_status 0
    checks=$((checks + 1))
    [ "$(count_outcomes passed)" -eq 2 ] || fail "$(count_outcomes passed) of 2 tests passed in $nightly"
}

for nightly in "$source_tree"/config/nightly-*.yaml; do
    run run --results migtest-results --skip 'auto_converge*' "$nightly"
    expect_status 0
    checks=$((checks + 1))
    [ "$(count_outcomes passed)" -ge 18 ] || fail "$(count_outcomes passed) tests passed in $nightly"
    [ "$(count_outcomes '(failed|error)')" -eq 0 ] || fail "something failed in $nightly"
    if [ -n "$old" ]; then
        pass_with "$nightly" --source "$old"
        pass_with "$nightly" --destination "$old"
        pass_with "$nightly" --source "$old" --destination "$old"
    fi
    expect_nothing_left
done
finish
