#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The limits on the dirty rate, in the box. QEMU acts on none that is exceeded by less than 25 MB/s, and a
# machine that emulates slowly has no guest in the box that dirties so much, in one minute or all day. A
# test that says so is begun again; where it is so to the end, this is not tested there, and ctest says so.
# shellcheck source=host/tests/e2e/box_lib.sh
. "$(dirname "$0")/box_lib.sh" "$@"
rounds=3
not_tested=77

run box --fetch
expect_status 0
manifest <<'END'
version: 1
name: in-the-box
accel: kvm
slow: true
plugins: {dirtylimit: {}}
END

# With what was measured, as a measurement that finds nothing is a fault.
is_too_slow() {
    grep -F "\"test\":\"$1\"" migtest-results/journal.jsonl | grep -F '"outcome":"skipped"' |
        grep -F 'QEMU acts on no limit that is exceeded by less than 25 MB/s' |
        grep -qE ' (dirties|and) [1-9][0-9]* MB/s'
}

tests=(dirty_limit vcpu_dirty_limit)
for ((round = 1; round <= rounds && ${#tests[@]} > 0; round++)); do
    run box run manifest.yaml "${tests[@]/#/-t}"
    slow=()
    for test in "${tests[@]}"; do
        if is_too_slow "$test"; then
            slow+=("$test")
        else
            expect_outcome dirtylimit "$test" passed
        fi
    done
    # A run with nothing but skipped tests has told nothing.
    expect_status $((${#slow[@]} == ${#tests[@]}))
    expect_nothing_left
    tests=("${slow[@]}")
done
if [ ${#tests[@]} -gt 0 ]; then
    cat out
    echo "not tested, as this machine is too slow: ${tests[*]}"
    exit "$not_tested"
fi
finish
