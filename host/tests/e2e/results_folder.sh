#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a run finds where its results are to go: those of the run before are kept, whole.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"

manifest <<'END'
version: 1
plugins: {evil: }
END

run_once() {
    run run --plugin-path "$build/tests/plugins" -t well-behaved --results results manifest.yaml
    expect_status 0
}

# mark FOLDER MARK: the results there, to be found again.
mark() {
    echo "$2" >"$1/logs/mark"
}

# expect_kept FOLDER MARK: the journal and the logs of that run.
expect_kept() {
    checks=$((checks + 1))
    [ -s "$1/journal.jsonl" ] || fail "no journal is in $1"
    [ "$(cat "$1/logs/mark")" = "$2" ] || fail "the logs in $1 are not those of the $2 run"
}

run_once
mark results first
run_once
mark results second
expect_kept results.previous first
run_once
expect_kept results.previous second

# Moving them was broken off after the logs, as by a kill: these are no older ones.
mark results third
rm -rf results.previous
mkdir results.previous
mv results/logs results.previous/logs
run_once
expect_kept results.previous third

# Nothing can be moved out of a mount.
mkdir store
cat >mounted <<END
#!/bin/sh
exec unshare --mount --map-root-user sh -c 'mount --bind store results && exec "\$@"' sh "$migtest" "\$@"
END
chmod 755 mounted
migtest=$PWD/mounted
run_once
mark store first
run_once
expect_kept store/previous first
mark store second
run_once
expect_kept store/previous second
finish
