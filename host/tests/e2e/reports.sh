#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a run leaves for whoever reads it: bundles of failures, reports from journals, the terminal.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"

results="migtest-results"
failures=$results/failures

# expect_file FILE EXTENDED-REGULAR-EXPRESSION
expect_file() {
    checks=$((checks + 1))
    grep -qE -- "$2" "$1" || fail "$1 lacks: $2"$'\n'"$(head -c 4000 "$1" 2>&1)"
}

expect_no_file() {
    checks=$((checks + 1))
    [ ! -e "$1" ] || fail "there is $1"
}

manifest <<'END'
version: 1
plugins: {evil: {}, faults: {}}
END
options=(--plugin-path "$build/tests/plugins" manifest.yaml)

# The time that this one waits depends on how fast the host is found to be.
"$migtest" run "${options[@]}" -t evil:wait-for-nothing --results waited >waited.out 2>&1 </dev/null &
waiting=$!
run run "${options[@]}" -t evil:well-behaved -t evil:crash -t evil:fail-assertion -t evil:skip-itself \
    -t faults:destination-dies --junit junit.xml --tap results.tap
expect_status 1
valid_junit junit.xml

# Of a test that waited until its time was up: what for, what moved last, and all that was said.
wait "$waiting" || true
bundle=waited/failures/evil.wait-for-nothing/1
expect_file $bundle/failure.txt '^waited for +event NO_SUCH_EVENT \(source\)$'
expect_file $bundle/failure.txt '^last moved +[0-9.]+ s before the end: (source-1|destination-2), '
expect_file $bundle/failure.txt '^QEMU +source: .*qemu-system-x86_64 .* -machine '
expect_file $bundle/failure.txt '^QEMU +destination: .*qemu-system-x86_64 .* -incoming defer'
expect_file $bundle/failure.txt "^again +migtest run manifest.yaml .* -t evil:wait-for-nothing$"
expect_file $bundle/source-1.qmp '^[0-9]{10}\.[0-9]{6} <- \{"QMP": '
expect_file $bundle/source-1.qmp '^[0-9]{10}\.[0-9]{6} -> \{"execute":"qmp_capabilities"'
expect_file $bundle/source-1.qmp '^[0-9]{10}\.[0-9]{6} \?> \{"execute": "query-migrate"'
expect_file $bundle/source-1.serial '^[0-9]{10}\.[0-9]{6} <- .*B'
expect_file $bundle/destination-2.qmp '"QMP"'

# Of a migration: how it went, by both sides, and where the QEMU was that crashed.
bundle=$failures/faults.destination-dies/1
expect_file $bundle/migration.txt '^\+[0-9.]+ source-1: event MIGRATION status="active"$'
expect_file $bundle/migration.txt '^\+[0-9.]+ destination-2: event MIGRATION status='
if command -v gdb >/dev/null && [ "$(ulimit -H -c)" != 0 ] && grep -qv '^|' /proc/sys/kernel/core_pattern; then
    expect_file $bundle/destination-2.backtrace '^#[0-9]+ .*(poll|main)'
else
    expect_file $bundle/destination-2.backtrace '^there is no backtrace: '
fi
expect_no_file core

# Where the test itself crashed, whatever becomes of cores here.
if command -v gdb >/dev/null; then
    expect_file $failures/evil.crash/1/worker.backtrace '^#[0-9]+ .*mt_work_run'
fi
expect_no_file $failures/evil.well-behaved
expect_no_file $failures/evil.skip-itself

# Jenkins opens what is linked, one on a line.
checks=$((checks + 1))
grep -E '^\[\[ATTACHMENT\|/.*\]\]$' junit.xml | sed 's/^\[\[ATTACHMENT|\(.*\)\]\]$/\1/' >attached
grep -q "^$work/$bundle/failure.txt$" attached || fail "the bundle is not attached: $(cat attached)"
while read -r file; do
    [ -f "$file" ] || fail "$file is attached and no file"
done <attached

expect_out '^ +bundle: migtest-results/failures/evil.crash/1$'
expect_out '^ +at host/tests/plugins/evil.c:[0-9]+$'
expect_out '^ +last events:$'
expect_out "^ +again: migtest run manifest.yaml .* -t evil:fail-assertion$"
expect_file results.tap '^TAP version 14$'
expect_file results.tap '^not ok [0-9]+ - evil:crash$'
expect_file results.tap '^ok [0-9]+ - evil:skip-itself # SKIP test: it does not like Mondays$'

# The same again from the journal, whole and torn.
run report $results --junit again.xml --tap again.tap --quiet --github
expect_status 1
checks=$((checks + 1))
cmp junit.xml again.xml || fail "the journal gives another JUnit file than the run"
cmp results.tap again.tap || fail "the journal gives another TAP file than the run"
expect_out '^::error title=evil%3Afail-assertion failed,file=host/tests/plugins/evil.c,line=[0-9]+::0x1 != 0x2%0A'
! grep -q 'PASS' out || fail "--quiet is not"
mkdir torn
head -c -50 $results/journal.jsonl >torn/journal.jsonl
run report torn --junit torn.xml
expect_status 1
expect_err '^migtest: torn/journal.jsonl:[0-9]+: skipped a line that is no event: not JSON'
expect_err '^migtest: the run in .*/torn did not end$'
valid_junit torn.xml
run report nowhere
expect_status 2
expect_err 'cannot open the journal nowhere: No such file'
run report manifest.yaml
expect_status 2
expect_err 'manifest.yaml has no beginning of a run; expected a journal'

# Shards become one report; one that is missing is missed.
for shard in 1 2 3; do
    run run "${options[@]}" -t 'evil:teardown/*' -t evil:setup/only -t evil:well-behaved \
        -t evil:change-folder --shard $shard/3 --results shard-$shard
done
run report shard-1 shard-2 shard-3 --junit shards.xml
expect_status 1
expect_out ' 5 tests: 2 passed, 3 erred'
valid_junit shards.xml
run report shard-1 shard-3
expect_status 1
expect_err '^migtest: no journal is of shard 2/3$'

# Without gdb a crash is told all the same, and why there is no backtrace.
mkdir bin
ln -s "$(command -v qemu-system-x86_64)" bin/
status=0
PATH=$work/bin "$migtest" run "${options[@]}" -t evil:crash >out 2>err || status=$?
expect_status 1
expect_file $failures/evil.crash/1/worker.backtrace '^there is no backtrace: gdb is not installed$'

# A host that dies while gdb looks takes all with it.
printf '#!/bin/sh\nexec sleep 60\n' >bin/gdb
chmod +x bin/gdb
PATH=$work/bin:$PATH "$migtest" run "${options[@]}" -t evil:crash --results killed >out 2>err </dev/null &
host=$!
for _ in $(seq 300); do
    [ ! -e killed/failures/evil.crash/1/worker.backtrace ] || break
    sleep 0.1
done
[ -e killed/failures/evil.crash/1/worker.backtrace ] || fail "gdb was not started"
kill -KILL "$host"
wait "$host" || true
expect_nothing_left

# A live line where there is a terminal, and colour unless it is not wanted; nowhere else.
on_terminal() {
    status=0
    TERM=xterm script -qec "stty cols 100; $*" /dev/null >out 2>err </dev/null || status=$?
}
command="$migtest run ${options[*]} -t evil:well-behaved -t evil:hang --timeout 2"
on_terminal "$command"
expect_out $'\r +Running \[ +[0-9]+s\] [0-9]/2.* \| evil:hang [0-9]s'
expect_out $'\x1b\[32m +PASS'
on_terminal "NO_COLOR=1 $command"
! grep -q $'\x1b\[3[0-9]m' out || fail "there is colour despite NO_COLOR"
on_terminal "TERM=dumb $command"
! grep -q 'Running' out || fail "there is a live line on a dumb terminal"
run run "${options[@]}" -t evil:well-behaved
expect_status 0
! grep -q $'[\r\x1b]' out || fail "there is a live line or colour where there is no terminal"
run run "${options[@]}" -t evil:well-behaved --quiet
expect_status 0
! grep -q PASS out || fail "--quiet is not"
expect_nothing_left
finish
