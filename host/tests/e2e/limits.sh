#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What whoever starts migtest lets it have: with little it runs, and with too little it says what it lacked.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"

# run_limited LIMIT...: as run, under a limit of the shell's, which does not hold for the file out.
run_limited() {
    status=0
    (
        # What else the caller has left open would count, too.
        for fd in /proc/"$BASHPID"/fd/*; do
            [ "${fd##*/}" -le 2 ] || eval "exec ${fd##*/}>&-"
        done
        ulimit "$@"
        exec "$migtest" run -j 2 -t precopy/unix/plain -t multifd/tcp/uri/plain/none
    ) </dev/null 2>&1 | cat >out || status=$?
}

run_limited -n 48
expect_status 0
expect_outcome precopy precopy/unix/plain passed
expect_outcome multifd multifd/tcp/uri/plain/none passed

# A reader that has had enough, and is gone, does not cost the report.
exec {gone}> >(:)
wait "$!"
"$migtest" report --junit junit.xml migtest-results 2>err 1>&"$gone" || true
exec {gone}>&-
valid_junit junit.xml

run_limited -n 16
expect_status 1
expect_outcome precopy load error 'Too many open files'

# Less than a QEMU takes for its libraries and 150 MiB of a guest.
run_limited -v 400000
expect_status 2
expect_out 'the source cannot be used: .*its last words: .*Cannot allocate memory'

run_limited -f 0
expect_status 3
expect_out 'File too large'

# Nor is what was told lost in silence.
status=0
"$migtest" list --json >/dev/full 2>err || status=$?
expect_status 3
expect_err 'the output could not be written: No space left on device'
expect_nothing_left
finish
