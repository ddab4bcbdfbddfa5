#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What was found of a guest that had no processor is not believed: the test starts over, a few times,
# and its result says so. What is wrong of a guest that had one fails at once.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"

export STARVED=$work/starved
mkdir "$STARVED"

manifest <<'END'
version: 1
plugins: {starved: {}}
END

expect_runs() {
    checks=$((checks + 1))
    [ "$(wc -c <"$STARVED/$1")" -eq "$2" ] || fail "$1 ran $(wc -c <"$STARVED/$1") times, expected $2"
}

run run --plugin-path "$build/tests/plugins" --retries 1 -j 1 --junit junit.xml manifest.yaml
expect_status 1
expect_out '5 tests: 1 passed, 3 failed, 1 skipped'
valid_junit junit.xml

expect_outcome starved at-first passed
checks=$((checks + 1))
[ "$(wc -c <"$STARVED/at-first")" -gt 1 ] || fail "at-first did not start over"
expect_journal '"key":"not decided 1","value":"waiting for '
expect_out 'PASS .*starved:at-first'

expect_outcome starved wrong-and-starved skipped \
    '"reason":"undecided","message":"not decided in 4 tries; the last: the answer is 41; .* had no processor for [0-9]+ ms'
expect_runs wrong-and-starved 4

# Tried again as it failed, and not once more.
checks=$((checks + 1))
[ "$(grep -c '"test":"wrong-and-served".*"message":"the answer is 41"' migtest-results/journal.jsonl)" -eq 2 ] ||
    fail "wrong-and-served did not fail twice"
expect_runs wrong-and-served 2
checks=$((checks + 1))
[ "$(grep -c '"test":"starved-then-wrong".*"message":"the answer is 41"' migtest-results/journal.jsonl)" -eq 2 ] ||
    fail "starved-then-wrong did not fail twice"
expect_runs starved-then-wrong 3

# To be run again, and no proof of anything.
run run --plugin-path "$build/tests/plugins" --failed -t wrong-and-starved manifest.yaml
expect_status 1
expect_out '1 test could not be decided: the host gave it no processor'
expect_runs wrong-and-starved 8
expect_nothing_left
finish
