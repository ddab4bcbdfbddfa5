#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A test of each kind passes in every nightly of config/: with the installed QEMU, and with the release's own
# QEMU on both sides. ci/nightly runs all of the tests in each.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"
old=${3:-}
tests=(precopy/unix/plain precopy/tcp/plain precopy/fd/tcp multifd/tcp/channels multifd/tcp/plain/cancel)

pass_with() {
    local nightly=$1
    shift
    run run --results migtest-results "${tests[@]/#/-t}" "$@" "$nightly"
    expect_status 0
    checks=$((checks + 1))
    [ "$(count_outcomes passed)" -eq ${#tests[@]} ] ||
        fail "$(count_outcomes passed) of ${#tests[@]} tests passed in $nightly"
}

for nightly in "$source_tree"/config/nightly-*.yaml; do
    pass_with "$nightly"
    if [ -n "$old" ]; then
        pass_with "$nightly" --source "$old" --destination "$old"
    fi
    expect_nothing_left
done
finish
