# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the parts of ci/bench share. Each gets the number of repeats, and prints a line a figure:
# NAME, UNIT, FLOOR (may be empty) and VALUES, separated by tabs.
set -euo pipefail
# For awk and EPOCHREALTIME, which have a comma elsewhere.
export LC_ALL=C
top=$(dirname "$(dirname "$(dirname "$(readlink -f "$0")")")")
# shellcheck source=ci/lib.sh
. "$top/ci/lib.sh"
build=$top/build
# shellcheck disable=SC2034 # the parts use these two
repeats=$1 migtest=$build/bin/migtest
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

figure() {
    printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$(tr '\n' ' ' | sed 's/ $//')"
}

# The last value of a member of the journal's last line.
of_run() {
    tail -n 1 migtest-results/journal.jsonl | sed -n "s/.*\"$1\":\([0-9.]*\).*/\1/p"
}

# What the tests of the last run noted under a key, the number behind a word: of_cost 'worker'.
of_cost() {
    sed -n "s/.*\"key\":\"cost\",\"value\":\"[^\"]*$1 \([0-9]*\) .*/\1/p" migtest-results/journal.jsonl
}

median() {
    sort -n | awk '{ seen[NR] = $1 } END { print seen[int((NR + 1) / 2)] }'
}

sum() {
    awk '{ sum += $1 } END { print sum + 0 }'
}

floors() {
    "$build/bench/floors" "$@"
}

# A pair's own options, as bare-pair and by-hand take them: RAM in MiB.
pair() {
    floors "$1" qemu-system-x86_64 q35 "$build/lib/migtest/guest" "$2"
}

# For a pair of guests of so many MiB, each of which QEMU maps whole.
has_room() {
    awk -v wanted="$1" '$1 == "MemTotal:" { exit $2 / 1024 < wanted + 1024 }' /proc/meminfo || {
        echo "ci/bench: this machine has no room for a guest of $1 MiB" >&2
        return 1
    }
}

build_floors() {
    quietly cmake --build "$build" --target floors bench-plugin
}
