# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# For tests that run the built migtest. Each gets the build tree and the source tree as arguments.
set -euo pipefail

build=$1
source_tree=$2
migtest=$build/bin/migtest
work=$(mktemp -d)
checks=0
export XDG_CACHE_HOME=$build/tests/cache
export TMPDIR=$work/tmp
mkdir -p "$TMPDIR"
trap 'status=$?; rm -rf "$work"; exit $status' EXIT
cd "$work"

fail() {
    printf 'FAILED: %s\n' "$*" >&2
    printf -- '-- stdout:\n%s\n-- stderr:\n%s\n' "$(tail -n 40 out 2>/dev/null)" \
        "$(tail -n 40 err 2>/dev/null)" >&2
    exit 1
}

# Runs migtest; its exit status in $status, what it said in the files out and err.
run() {
    status=0
    "$migtest" "$@" >out 2>err </dev/null || status=$?
}

expect_status() {
    checks=$((checks + 1))
    [ "$status" -eq "$1" ] || fail "exit status $status, expected $1"
}

expect_out() {
    checks=$((checks + 1))
    grep -qE -- "$1" out || fail "stdout lacks: $1"
}

expect_err() {
    checks=$((checks + 1))
    grep -qE -- "$1" err || fail "stderr lacks: $1"
}

# How a test ended, from the journal: expect_outcome PLUGIN TEST OUTCOME [MESSAGE]
expect_outcome() {
    local line
    checks=$((checks + 1))
    line=$(grep -E '"kind":"(finished|skipped)"' migtest-results/journal.jsonl |
        grep -F "\"plugin\":\"$1\"" | grep -F "\"test\":\"$2\"" || true)
    [ -n "$line" ] || fail "no result of $1:$2"
    [ "$(wc -l <<<"$line")" -eq 1 ] || fail "several results of $1:$2"
    grep -qF "\"outcome\":\"$3\"" <<<"$line" || fail "$1:$2 is not $3: $line"
    [ $# -lt 4 ] || grep -qE -- "$4" <<<"$line" || fail "$1:$2 does not say \"$4\": $line"
}

# A line of the journal has that text.
expect_journal() {
    checks=$((checks + 1))
    grep -qF -- "$1" migtest-results/journal.jsonl || fail "the journal has no $1"
}

count_outcomes() {
    grep -cE "\"kind\":\"(finished|skipped)\".*\"outcome\":\"$1\"" migtest-results/journal.jsonl || true
}

# No QEMU, no worker, no scratch folder of ours.
expect_nothing_left() {
    local waited=0
    checks=$((checks + 1))
    while [ "$waited" -lt 20 ]; do
        if [ -z "$(left_behind)" ]; then
            return
        fi
        sleep 0.1
        waited=$((waited + 1))
    done
    fail "2 s later there is still: $(left_behind)"
}

left_behind() {
    find "$TMPDIR" -mindepth 1 -maxdepth 1 -name 'migtest-*'
    grep -lzsF "TMPDIR=$TMPDIR" /proc/[0-9]*/environ 2>/dev/null | while read -r file; do
        local pid=${file#/proc/}
        pid=${pid%/environ}
        case $({ tr "\0" " " <"/proc/$pid/cmdline"; } 2>/dev/null || true) in
        *qemu-system* | *migtest-worker* | *migtest-evil*) echo "process $pid" ;;
        esac
    done
}

valid_junit() {
    checks=$((checks + 1))
    xmllint --noout --schema "$source_tree/host/tests/report/junit.xsd" "$1" 2>xmllint.err ||
        fail "$1 is not valid: $(cat xmllint.err)"
}

manifest() {
    cat >manifest.yaml
}

finish() {
    [ "$checks" -gt 0 ] || fail "nothing was checked"
    printf '%s checks passed\n' "$checks"
}
