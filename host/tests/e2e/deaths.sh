#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Whoever dies, however: nothing is left 2 s later, and what was found out until then is kept.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"

# What this host can do is found out first, so that the workers below are those of tests.
run list
expect_status 0
tests=$(sed -n 's/^\([0-9]*\) tests,.*/\1/p' out)

# In the middle of migrations: when the first test has QEMUs.
start() {
    rm -rf migtest-results
    "$migtest" run --junit junit.xml >out 2>err </dev/null &
    host=$!
    for _ in $(seq 200); do
        if grep -qs '"kind":"qemu"' migtest-results/journal.jsonl; then
            sleep "0.$((RANDOM % 10))"
            return
        fi
        sleep 0.05
    done
    fail "no test started"
}

await() {
    status=0
    wait "$host" || status=$?
}

descendants() {
    pgrep -f "$1" | while read -r pid; do
        if grep -qzsF "TMPDIR=$TMPDIR" "/proc/$pid/environ" 2>/dev/null; then
            echo "$pid"
        fi
    done
}

for _ in 1 2 3; do
    start
    kill -KILL "$host"
    await
    expect_nothing_left
    checks=$((checks + 1))
    head -n 1 migtest-results/journal.jsonl | grep -q '"kind":"run-started"' || fail "journal lost"
    run report migtest-results --junit killed.xml
    expect_status 1
    sed -n 's/^ *bundle: //p' out >bundles
    [ -n "$(xargs -a bundles -I{} find {} -name source-1.qmp)" ] || fail "the report leads to no recording"
    grep -q 'ATTACHMENT|.*/source-1.qmp' killed.xml || fail "JUnit leads to nothing"
done

for signal in INT TERM; do
    start
    kill -"$signal" "$host"
    await
    expect_nothing_left
    checks=$((checks + 1))
    [ "$status" -eq $((128 + $(kill -l "$signal"))) ] || fail "status $status after SIG$signal"
    valid_junit junit.xml
    grep -q '"reason":"interrupted"' migtest-results/journal.jsonl || fail "nobody was interrupted"
    [ "$(xmllint --xpath 'count(//testcase)' junit.xml)" -eq "$tests" ] || fail "not every test is reported"
done

# Who aborts a job may end the deepest first: no finding about a migration, and --resume has it again.
rm -rf migtest-results
"$migtest" run -t auto_converge --slow >out 2>err </dev/null &
host=$!
for _ in $(seq 200); do
    [ "$(grep -cs '"kind":"qemu"' migtest-results/journal.jsonl)" != 2 ] || break
    sleep 0.05
done
descendants qemu-system | xargs -r kill -TERM || fail "a QEMU of auto_converge had ended before"
await
expect_status 1
expect_outcome precopy auto_converge error '"reason":"stopped","message":"its (source|destination) was sent a signal'
run run -t auto_converge --slow --resume
expect_status 0
run report migtest-results
expect_status 0
expect_nothing_left

# A worker or a QEMU that is killed costs its own test only.
start
worker=$(descendants migtest-worker | sed -n 1p)
kill -KILL "$worker" || fail "no worker to kill, or it had ended"
await
expect_status 1
checks=$((checks + 1))
if [ "$(count_outcomes error)" -lt 1 ] || [ "$(count_outcomes passed)" -lt 10 ]; then
    fail "not just one test was lost"
fi
expect_nothing_left

start
qemu=$(descendants 'qemu-system' | sed -n 1p)
kill -KILL "$qemu" || fail "no QEMU to kill, or it had ended"
await
expect_status 1
checks=$((checks + 1))
[ "$(count_outcomes failed)" -eq 1 ] || fail "not one test failed"
expect_nothing_left
finish
