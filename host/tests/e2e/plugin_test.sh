#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# migtest plugin test: finds what a test leaves behind where one of its calls fails, and nothing in good ones.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"

run plugin test -j 4 "$build/tests/plugins/rude.so"
expect_status 1
expect_out '^ok    polite passes; failing it at 2 calls$'
expect_out '^ok    asks passes; failing it at 2 calls$'
expect_out '^ok    leaks-memory passes; failing it at 1 calls$'
expect_out '^BAD   leaks-memory, failing at host/tests/plugins/rude.c:[0-9]+: it leaks [0-9]+ bytes each time$'
expect_out '^BAD   leaves-descriptor, failing at .*: it leaves descriptor [0-9]+ \(/dev/zero\) open$'
expect_out '^BAD   leaves-process, failing at .*: it left ([2-9] processes behind, which were|1 process behind, which was) killed$'
expect_out '^BAD   leaky-setup: it leaks [0-9]+ bytes each time$'
checks=$((checks + 1))
! grep -E '^BAD   (polite|asks|leaks-memory:|leaves-descriptor:|leaves-process:)' out || fail "a good one is called bad"
run plugin test "$build/tests/plugins/evil.so" -t crash
expect_status 1
expect_out '^BAD   crash: it crashed with SIGSEGV$'

# A whole migration leaves nothing, and a failed call nothing either.
run plugin new acme
cc -shared -fPIC "-I$source_tree/include" acme/acme.c -o acme/acme.so "-L$build/lib" -lmigtest -lcmocka
run plugin test acme/acme.so
expect_status 0
expect_out '^ok    plain passes; failing it at [0-9]+ calls$'
expect_nothing_left
finish
