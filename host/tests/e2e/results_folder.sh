#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a run finds where its results are to go: those of the run before are kept, whole.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"
export MOODS=$work/moods
mkdir "$MOODS"

manifest <<'END'
version: 1
plugins: {moods: }
END
good=("$migtest" run --plugin-path "$build/tests/plugins" -t good --results results manifest.yaml)

# What marks the results of one run, to be found again.
mark() {
    echo "$1" >results/logs/mark
}

# expect_kept FOLDER MARK: the journal and the logs of that run.
expect_kept() {
    checks=$((checks + 1))
    [ -s "$1/journal.jsonl" ] || fail "no journal is in $1"
    [ "$(cat "$1/logs/mark")" = "$2" ] || fail "the logs in $1 are not those of the $2 run"
}

run_good() {
    status=0
    "${good[@]}" >out 2>err </dev/null || status=$?
    expect_status 0
}

run_good
mark first
run_good
mark second
expect_kept results.previous first
run_good
expect_kept results.previous second

# Moving them was broken off after the logs, as by a kill: these are no older ones.
mark third
rm -rf results.previous
mkdir results.previous
mv results/logs results.previous/logs
run_good
expect_kept results.previous third

# Nothing can be moved out of a mount.
mkdir store
export -f run_good mark expect_kept expect_status fail
checks=$checks unshare --mount --map-root-user bash -euo pipefail -c '
    good=("$@")
    mount --bind store results
    run_good
    mark first
    run_good
    expect_kept results/previous first
    mark second
    run_good
    expect_kept results/previous second
    ' bash "${good[@]}"
checks=$((checks + 1))
[ -d store/previous ] || fail "that was not seen in a mount"
finish
