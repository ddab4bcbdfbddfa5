#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Plugins that do not load and tests that misbehave: one error each, and everybody else's results stand.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"

manifest <<'END'
version: 1
plugins:
  evil: {}
  constructor-crashes: {}
  constructor-exits: {}
  constructor-hangs: {}
  registration-crashes: {}
  registration-refuses: {}
  same-name-twice: {}
  wrong-abi: {}
  no-registration: {}
  no-note: {}
  other-name: {}
  own-cmocka: {}
  too-little-ram: {}
  precpy: {}
  fd: {}
END
run run --plugin-path "$build/tests/plugins" --junit junit.xml manifest.yaml
expect_status 1
valid_junit junit.xml

expect_outcome constructor-crashes load error 'crashed with SIGABRT'
expect_outcome constructor-exits load error 'ended by itself, with status 0'
expect_outcome constructor-hangs load error 'did not end within 10 s'
expect_outcome registration-crashes load error 'crashed with SIGSEGV'
expect_outcome registration-refuses load error 'returned 5, expected 0'
expect_outcome same-name-twice load error 'two tests named nothing'
expect_outcome wrong-abi load error 'wrong-abi.so has ABI 7.0, this migtest takes 1.0 to 1.0'
expect_outcome no-registration load error 'has no symbol mt_plugin_register'
expect_outcome no-note load error 'has no note of its ABI'
expect_outcome other-name load error 'calls itself somebody-else, expected .* other-name'
expect_outcome own-cmocka load error 'holds a cmocka of its own'
expect_outcome too-little-ram load error 'test small asks for 100 MiB of RAM, and its guest needs 101'
expect_outcome precpy load error 'no plugin precpy.so on the plugin path; expected it in .*precopy'

expect_outcome evil well-behaved passed
expect_outcome evil crash error 'crashed with SIGSEGV'
expect_outcome evil exit-zero error 'ended by itself, with status 0'
expect_outcome evil hang error 'did not end within [0-9.]+ s'
expect_outcome evil wait-for-nothing error \
    'did not end within [0-9.]+ s; it last waited for event NO_SUCH_EVENT \(source\)'
expect_outcome evil hang-for-long error 'nothing moved any more for [0-9.]+ s'
expect_outcome evil stand-still error \
    'nothing moved any more for [0-9.]+ s; it last waited for event NO_SUCH_EVENT \(source\); the last thing that moved was STOP \(source\)'
expect_outcome evil forge error 'lines came over the result channel'
expect_outcome evil close-everything error
expect_outcome evil leave-daemon error 'it left 1 process behind, which was killed'
expect_outcome evil fail-assertion failed '0x1 != 0x2.*"file":"host/tests/plugins/evil.c"'
expect_outcome evil skip-itself skipped 'it does not like Mondays'
expect_outcome evil print-rubbish failed
expect_outcome evil change-folder passed
expect_outcome evil teardown/first error 'group_teardown failed'
expect_outcome evil teardown/second error 'group_teardown failed'
expect_outcome evil setup/only error 'group_setup failed'

expect_outcome evil jump-nowhere error 'crashed with SIG'
expect_outcome evil ignore-signals error 'did not end within [0-9.]+ s'

expect_outcome fd precopy/fd/tcp passed
expect_outcome fd precopy/fd/file passed
expect_nothing_left

# What limits: allows, also to root where doctor says so.
limited() {
    cat >manifest.yaml <<END
version: 1
plugins: {evil: {}}
limits: {memory: 200MiB, processes: 64, file_size: 16MiB}
END
    run run --slow --plugin-path "$build/tests/plugins" -t "$1" manifest.yaml
    expect_status 1
}
limited fill-disk
expect_outcome evil fill-disk error 'SIGXFSZ'
run doctor manifest.yaml
expect_out '^limits +memory 200MiB .*; processes 64 .*; file size 16MiB'
cp out doctor.out
limited take-memory
if grep -q 'memory 200MiB of a test with its QEMUs' doctor.out; then
    expect_outcome evil take-memory error 'it needed more than the 200 MiB of memory that limits: allows: it crashed with SIGKILL'
else
    expect_outcome evil take-memory failed
    expect_journal '"key":"limits","value":"of each process, not of the test with its QEMUs, as '
fi
if grep -q 'processes 64 of a test with its QEMUs' doctor.out; then
    limited fork-bomb
    expect_outcome evil fork-bomb error 'it needed more than the 64 processes that limits: allows: it did not end within [0-9.]+ s'
fi
expect_nothing_left
finish
