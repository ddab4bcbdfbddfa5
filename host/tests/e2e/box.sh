#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A test in the box; its results come out, live, to where they belong.
# shellcheck source=host/tests/e2e/box_lib.sh
. "$(dirname "$0")/box_lib.sh" "$@"
# shellcheck source=host/tests/e2e/shelf_lib.sh
. "$(dirname "$0")/shelf_lib.sh"

run box --fetch
expect_status 0

# A QEMU of the shelf, which is run by its own loader, goes by its name in there, too.
make_tree tree
run qemu add shelved tree
expect_status 0

# Its paths need not be plain.
mkdir "a folder"
cd "a folder"

manifest <<'END'
version: 1
name: in-the-box
qemu: {source: shelved}
accel: kvm
slow: true
plugins: {precopy: {}}
END

# An earlier run's results are kept, as they are outside.
mkdir -p results
echo '{"kind":"an earlier run"}' >results/journal.jsonl
run box run manifest.yaml -t dirty_ring --results results --junit sub.xml
expect_status 0
ln -s results migtest-results
expect_outcome precopy dirty_ring passed
expect_journal '"key":"source","value":"kvm in use, with a dirty ring of 4096"'
# Its limits are those of a control group, which all of the box's are ours to make.
! grep -F '"key":"limits"' results/journal.jsonl || fail "there is no control group in the box"
expect_journal "\"host\":\"$(uname -n)\""
expect_journal "\"source\":\"$MIGTEST_SHELF/shelved/qemu-system-x86_64\""
valid_junit sub.xml
grep -q 'an earlier run' results.previous/journal.jsonl || fail "the earlier results are not kept"
[ -f results/logs/precopy.dirty_ring.log ] || fail "the log did not come out"
expect_nothing_left

# Ended as by timeout, which signals all of its group, with results that go to the default folder, a link
# here: what was said until then was said at once, the reports are written, the signal is handed on. And the
# QEMU is the one that is found first out here.
mkdir "own bin"
ln -s "$(command -v qemu-system-x86_64)" "own bin"
sed -i '/^qemu:/d' manifest.yaml
PATH="$PWD/own bin:$PATH" setsid "$migtest" box run manifest.yaml -v -t dirty_ring --junit stopped.xml >out 2>err </dev/null &
pid=$!
until grep -q 'dirty_ring: waiting' out; do
    kill -0 "$pid" 2>/dev/null || fail "the box ended before it was stopped"
    sleep 0.1
done
# The shell has it ignore SIGINT, as all that it starts in the background, so this is the other one.
kill -TERM -- "-$pid"
status=0
wait "$pid" || status=$?
expect_status 143
expect_outcome precopy dirty_ring error interrupted
expect_journal "\"source\":\"$PWD/own bin/qemu-system-x86_64\""
valid_junit stopped.xml
expect_nothing_left
finish
