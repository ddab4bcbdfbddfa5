#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How often, in which order and beside whom tests run, and what is made of their moods.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"
# What tests took here is what it looks at, and other scripts write it, too.
export XDG_CACHE_HOME=$work/cache

manifest <<'END'
version: 1
plugins: {moods: }
END

# A run with nothing remembered of those before.
fresh() {
    export MOODS=$work/moods
    rm -rf "$MOODS"
    mkdir "$MOODS"
    run run --plugin-path "$build/tests/plugins" --junit junit.xml "$@" manifest.yaml
}

expect_finished() {
    checks=$((checks + 1))
    [ "$(grep -c "\"kind\":\"finished\".*\"test\":\"$1\"" migtest-results/journal.jsonl)" -eq "$2" ] ||
        fail "$1 did not end $2 times"
}

expect_cases() {
    checks=$((checks + 1))
    valid_junit junit.xml
    [ "$(xmllint --xpath 'count(//testcase)' junit.xml)" -eq "$1" ] || fail "not $1 cases in JUnit"
}

# What passes when it is tried again is said to be flaky, and is good unless the manifest forbids it.
fresh -t second-time
expect_status 1
fresh -t second-time -t good --retries 2
expect_status 0
expect_out 'FLAKY .*moods:second-time'
expect_out '2 tests: 2 passed, 1 of them flaky'
expect_finished second-time 2
expect_finished good 1
expect_journal '"attempt":2,"final":1,"outcome":"passed","reason":"flaky"'
expect_cases 2
fresh -t bad --retries 2
expect_status 1
expect_finished bad 3
[ -s migtest-results/logs/moods.bad~attempt-3.log ] || fail "no log of the third attempt"
# What skips itself when it is tried again has failed all the same.
fresh -t weary --retries 1
expect_status 1
expect_journal '"outcome":"failed","reason":"late-skip"'
expect_out 'it skipped itself at attempt 2 .it has had enough.; before that: '
cat >>manifest.yaml <<'END'
flaky: forbid
END
fresh -t second-time --retries 1
expect_status 1
expect_out 'the manifest forbids flaky tests, and 1 was'
# What somebody has stopped is not, and it was not tried.
MOODS_STOPPED=yes fresh -t second-time --retries 1
expect_status 0
expect_journal '"attempt":1,"outcome":"error","reason":"stopped"'

# Repetitions are one case, and one that fails is enough.
fresh -t not-the-third-time -t good --repeat 5 -j 1
expect_status 1
expect_finished not-the-third-time 5
expect_finished good 5
expect_cases 2
expect_journal '"repeat":3,"final":1,"outcome":"failed"'
[ "$(xmllint --xpath 'count(//failure)' junit.xml)" -eq 1 ] || fail "not one failure in JUnit"
fresh -t not-the-third-time -t good --until-fail -j 1
expect_status 1
expect_finished not-the-third-time 3
fresh -t not-the-third-time -t good --repeat 5 -j 1 --fail-fast
expect_finished not-the-third-time 3
fresh -t good --until-fail --repeat 3
expect_status 2
expect_err 'do not go together'

# Nobody runs beside a test that wants to be alone; the others do, within the slots.
fresh -t 'beside/*' -t alone -j 4
expect_status 0
expect_journal '"key":"neighbours"'
checks=$((checks + 1))
[ "$(sed -n 's/.*"test":"beside.*"value":"\([0-9]*\)".*/\1/p' migtest-results/journal.jsonl | sort -n | tail -n 1)" -ge 1 ] ||
    fail "nothing ran beside anything"
fresh -t 'beside/*' -j 3
checks=$((checks + 1))
grep -q '"test":"beside/heavy".*"key":"neighbours","value":"0"' migtest-results/journal.jsonl ||
    fail "the heavy test had neighbours in three slots"

order() {
    grep '"kind":"started"' migtest-results/journal.jsonl | sed 's/.*"test":"\([^"]*\)".*/\1/' | tr '\n' ' '
}

# What took longest begins first, once that is known; one after the other they begin as planned.
fresh -t good -t long/1 -j 2
fresh -t good -t long/1 -j 2
checks=$((checks + 1))
[ "$(order)" = "long/1 good " ] || fail "they began in this order: $(order)"
fresh -t good -t long/1 -j 1
checks=$((checks + 1))
[ "$(order)" = "good long/1 " ] || fail "one after the other they began in this order: $(order)"

# An order can be had again.
fresh --skip 'long/*' --skip 'beside/*' -j 1 --shuffle 4
expect_journal '"seed":4'
expect_out 'SHUFFLED .* by seed 4'
first=$(order)
fresh --skip 'long/*' --skip 'beside/*' -j 1 --shuffle 4
checks=$((checks + 1))
[ "$(order)" = "$first" ] || fail "one seed gave two orders: $first and $(order)"
fresh --skip 'long/*' --skip 'beside/*' -j 1 --shuffle 5
[ "$(order)" != "$first" ] || fail "two seeds gave one order: $first"

# Busy loops are there while tests run, and gone with the host however it goes. A child of the host
# that has not become a worker yet counts as one for a moment, so one look has to do; before the run has
# begun there are others.
loops() {
    pgrep -P "$1" -x migtest || true
}
rm -rf migtest-results
MOODS=$work/moods MOODS_LONG_S=60 "$migtest" run --plugin-path "$build/tests/plugins" -t 'long/*' --stress 2 manifest.yaml \
    >out 2>err </dev/null &
host=$!
for _ in $(seq 100); do
    busy=
    if grep -qs '"kind":"run-started"' migtest-results/journal.jsonl; then
        busy=$(loops "$host" | tr '\n' ' ')
    fi
    [ "$(wc -w <<<"$busy")" -ne 2 ] || break
    sleep 0.05
done
checks=$((checks + 1))
[ "$(wc -w <<<"$busy")" -eq 2 ] || fail "no two busy loops beside the tests"
# Nor does another run take its results away.
run run --plugin-path "$build/tests/plugins" -t good manifest.yaml
expect_status 2
expect_err 'another run writes its results to migtest-results'
kill -KILL "$host"
wait "$host" || true
sleep 1
# Whether somebody has waited for it is init's affair.
for pid in $busy; do
    if grep -qs '^State:[[:space:]]*[A-Y]' "/proc/$pid/status"; then
        fail "busy loop $pid outlives its host"
    fi
done
expect_nothing_left

# A run that goes on leaves out what the manifest has disabled since, and ends well.
cp migtest-results/journal.jsonl killed
sed 's/plugins: .*/plugins: {moods: {enabled: false, reason: it hangs}, precopy: {}}/' manifest.yaml >without.yaml
cp manifest.yaml with.yaml
cp without.yaml manifest.yaml
run run --plugin-path "$build/tests/plugins" -t good -t precopy/unix/plain --junit junit.xml --resume manifest.yaml
expect_status 0
expect_outcome moods long/2 skipped 'does not enable its plugin any more'
cp with.yaml manifest.yaml
cp killed migtest-results/journal.jsonl

# A killed run goes on where it was; what is left of its last line does no harm.
printf '{"kind":"fini' >>migtest-results/journal.jsonl
run run --plugin-path "$build/tests/plugins" -t 'long/*' -t good --junit junit.xml --resume manifest.yaml
expect_status 0
expect_err '1 lines of the journal cannot be read'
expect_finished long/1 1
expect_finished long/2 1
expect_journal '"kind":"run-resumed"'
expect_cases 3
cp migtest-results/journal.jsonl before
run run --plugin-path "$build/tests/plugins" -t 'long/*' -t good --resume manifest.yaml
expect_status 0
expect_finished long/1 1
expect_out '3 tests: 3 passed'
checks=$((checks + 1))
cmp -s -n "$(stat -c %s before)" before migtest-results/journal.jsonl || fail "the journal was begun anew"
run run --plugin-path "$build/tests/plugins" --resume --host other manifest.yaml
expect_status 2
expect_err 'had host .*, and now it is other'
run run --resume --results nowhere manifest.yaml
expect_status 2
expect_err 'there is no run to go on with'

# The factor of time limits is said; a limit from the command line is what it says.
fresh -t good
expect_journal '"kind":"calibrated"'
expect_out 'LIMITS \[ x +[0-9.]+\]'
MOODS_LONG_S=60 fresh -t 'long/1' --timeout 1
expect_status 1
expect_outcome moods long/1 error 'did not end within 1 s'
finish
