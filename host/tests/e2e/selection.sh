#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Which tests run: tags, shards, what failed before; what is skipped, required and in quarantine.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"

export MOODS=$work/moods
mkdir "$MOODS"
manifest <<'END'
version: 1
plugins: {moods: }
END
quick=(--skip 'long/*' --skip 'beside/*' --skip alone --plugin-path "$build/tests/plugins")

names() {
    grep "\"kind\":\"$1\"" migtest-results/journal.jsonl | sed 's/.*"test":"\([^"]*\)".*/\1/' | sort
}

expect_names() {
    checks=$((checks + 1))
    [ "$(names "$1" | tr '\n' ' ')" = "$2" ] || fail "$1: $(names "$1" | tr '\n' ' '), expected $2"
}

# Tags.
run run "${quick[@]}" --tag 'net*' --tag disk --skip-tag quick manifest.yaml
expect_status 1
expect_names planned 'bad '
run list "${quick[@]}" --tag network --json manifest.yaml
expect_status 0
expect_out '"format": 1'
expect_out '"name": "good"'
expect_out '"state": "run"'
checks=$((checks + 1))
[ "$(grep -c '"name":' out)" -eq 1 ] || fail "list --json does not have the one test"
grep -A 3 '"tags": \[' out | tr -d ' \n' | grep -qF '"tags":["network","quick"]' || fail "no tags"

# What failed before; nothing is fine, too.
run run "${quick[@]}" manifest.yaml
expect_status 1
cp migtest-results/journal.jsonl first.jsonl
run run "${quick[@]}" --failed manifest.yaml
expect_names planned 'bad second-time weary '
expect_outcome moods second-time passed
run run "${quick[@]}" --failed manifest.yaml
expect_names planned 'bad '
# Nor is forgotten what is not selected now.
run run "${quick[@]}" --failed -t good manifest.yaml
expect_status 0
expect_names planned 'bad '
run run "${quick[@]}" --failed=first.jsonl -t second-time manifest.yaml
expect_status 0
expect_names planned 'second-time '
mkdir earlier
cp first.jsonl earlier/journal.jsonl
run run "${quick[@]}" --failed=earlier -t second-time manifest.yaml
expect_status 0
expect_names planned 'second-time '
run run "${quick[@]}" --failed=manifest.yaml manifest.yaml
expect_status 2
expect_err 'manifest.yaml has no beginning of a run'
run run "${quick[@]}" --failed --junit junit.xml manifest.yaml
expect_status 0
expect_out '^nothing to run: no test that failed before is selected$'
expect_names planned 'second-time '
valid_junit junit.xml
run run "${quick[@]}" --failed=nowhere.jsonl manifest.yaml
expect_status 2
expect_err 'it is not known what failed'
run run "${quick[@]}" -t nothing-like-it manifest.yaml
expect_status 2
expect_err 'the selection is empty'

# In a shard of what failed there is a journal, also where it is all elsewhere.
run run "${quick[@]}" manifest.yaml
cp migtest-results/journal.jsonl first.jsonl
for shard in 1/4 2/4 3/4 4/4; do
    run run "${quick[@]}" --failed=first.jsonl -t bad --shard "$shard" manifest.yaml
    expect_journal "\"shard\":\"$shard\""
done

# Shards share a run out, each test to one of them.
run run "${quick[@]}" manifest.yaml
names planned >all
for shard in 1/3 2/3 3/3; do
    run run "${quick[@]}" --shard "$shard" manifest.yaml
    expect_journal "\"shard\":\"$shard\""
    names planned >>shared
done
checks=$((checks + 1))
sort shared | cmp -s - all || fail "the shards are not the whole: $(sort shared | tr '\n' ' ')"
# One that gets nothing is fine, and its report is there; a whole of which nothing can run is not.
empty=0
for shard in 1/4 2/4 3/4 4/4; do
    rm -f junit.xml
    run run "${quick[@]}" -t good -t elsewhere --shard "$shard" --junit junit.xml manifest.yaml
    expect_status 0
    valid_junit junit.xml
    [ -n "$(names planned)" ] || empty=$((empty + 1))
    run run "${quick[@]}" -t elsewhere --shard "$shard" --junit junit.xml manifest.yaml
    expect_status 1
    expect_out 'nothing of the selection can run here'
done
checks=$((checks + 1))
[ "$empty" -ge 2 ] || fail "two tests filled $((4 - empty)) of four shards"

# A skip says why, counts, and fails where what it lacks is required.
run run "${quick[@]}" -t good -t unwilling -t elsewhere manifest.yaml
expect_status 0
expect_outcome moods unwilling skipped 'it is not in the mood'
expect_outcome moods elsewhere skipped '"reason":"machine","message":"the source .* has no machine no-such-machine"'
manifest <<'END'
version: 1
max_skips: 1
plugins: {moods: }
END
run run "${quick[@]}" -t good -t unwilling -t elsewhere --junit junit.xml manifest.yaml
expect_status 1
valid_junit junit.xml
grep -q '<failure message="more tests were skipped than max_skips allows' junit.xml || fail 'JUnit is green'
expect_out 'more tests were skipped than max_skips allows: 2, not 1'
manifest <<'END'
version: 1
require: [machine]
plugins: {moods: }
END
run run "${quick[@]}" -t good -t elsewhere manifest.yaml
expect_status 1
expect_outcome moods elsewhere failed 'machine is required by the manifest'

# A quarantined test runs and is reported apart, until its day is past.
quarantine() {
    manifest <<END
version: 1
plugins: {moods: }
quarantine:
  - {test: "moods:bad", reason: bug 4711, until: $1}
END
}
quarantine 2999-12-31
run run "${quick[@]}" -t good -t bad --junit junit.xml --fail-fast manifest.yaml
expect_status 0
expect_outcome moods bad failed '"quarantine":"bug 4711, until 2999-12-31"'
expect_out 'QUARANTINED .*moods:bad'
expect_out '2 tests: 1 passed, 1 quarantined'
valid_junit junit.xml
quarantine 2020-01-31
run run "${quick[@]}" -t good -t bad manifest.yaml
expect_status 1
expect_out 'FAIL .*moods:bad'
expect_out 'the quarantine of moods:bad is past its date \(bug 4711, until 2020-01-31\)'
manifest <<'END'
version: 1
require: [machine]
plugins: {moods: }
quarantine:
  - {test: "moods:elsewhere", reason: bug 4712, until: 2999-12-31}
END
run run "${quick[@]}" -t good -t elsewhere manifest.yaml
expect_status 0
expect_outcome moods elsewhere failed '"quarantine":"bug 4712, until 2999-12-31"'
expect_out '2 tests: 1 passed, 1 quarantined'
quarantine 2020-01-31
run check --plugin-path "$build/tests/plugins" manifest.yaml
expect_status 0
expect_err 'warning: manifest.yaml:[0-9:]+ the quarantine of moods:bad is past its date, for which a run fails'
sed 's/moods:bad/moods:bda/' manifest.yaml >mistyped.yaml
run check --plugin-path "$build/tests/plugins" mistyped.yaml
expect_status 0
expect_err 'warning: mistyped.yaml:[0-9:]+ the quarantine of moods:bda is of no test here'
run run "${quick[@]}" -t good manifest.yaml
expect_status 0
finish
