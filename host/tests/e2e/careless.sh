#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What an author of a plugin forgets or mistakes does not pass, and is told for what it is.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"

manifest <<'END'
version: 1
plugins: {careless: {}}
END
run run --plugin-path "$build/tests/plugins" manifest.yaml
expect_status 1
expect_outcome careless left-under-way failed 'the test left its migration at status active'
expect_outcome careless left-completed failed 'the test left its migration at status completed'
expect_outcome careless completed-and-quit failed 'the test left its migration at status completed'
expect_outcome careless completed-unheard failed 'the test left its migration at status completed'
expect_outcome careless source-quit failed 'the test left its migration at status completed'
expect_outcome careless lost-before-switchover failed 'status pre-switchover sends nothing'
expect_outcome careless waits-after-the-end failed 'no migration is under way'
expect_outcome careless without-size failed 'struct mt_migration has no size'
expect_outcome careless stopped-and-live failed 'the guest of a live migration has to run, and the source is paused'
expect_outcome careless negative-bandwidth failed 'a migration has no bandwidth of -5'
expect_outcome careless held-without-relay failed 'a wire is held, and this migration has none'
expect_outcome careless counted-without-relay failed 'the latest migration had no wire'
expect_outcome careless sets-nothing failed "a setting's name or value is NULL"
expect_outcome careless new-destination-first failed 'there is no destination yet'
# What a failed start leaves is still a pair, whatever its tear-down asks of it. A source that has not
# noticed yet that its destination is gone can be cancelled in order.
expect_outcome careless cancels-after-no-new-destination failed \
    'starting a new destination: .*: Too many open files(; then its fixture teardown failed, too)?",'
for test in waits loses finishes; do
    expect_outcome careless "$test-after-no-new-destination" failed \
        'starting a new destination: .*: Too many open files; then its fixture teardown failed, too'
done
expect_outcome careless new-destination-of-one failed 'there is no destination yet'
expect_outcome careless migration-of-one failed 'this pair has no destination'
expect_outcome careless destination-of-one failed 'this pair has no destination'
expect_outcome careless cancel-of-one error 'its fixture teardown failed: no migration is under way'
expect_outcome careless reaps-everything failed 'ended in a way that only whoever waited for it'
expect_outcome careless failing-setup error '"message":"its fixture setup failed: (0x)?3 != (0x)?4"'
expect_outcome careless failing-teardown error '"message":"its fixture teardown failed: (0x)?3 != (0x)?4"'
expect_outcome careless asking-teardown error 'its fixture teardown failed: the pair has ended'
expect_outcome careless skipping-setup skipped 'nothing to test here'
expect_outcome careless skipping-teardown error 'its fixture teardown failed'
expect_outcome careless wordy-setup error '"message":"its fixture setup failed: no room: 7","file":"[^"]*careless.c"'
expect_outcome careless fails-and-failing-teardown failed \
    '"message":"(0x)?1 != (0x)?2; then its fixture teardown failed, too","file":"[^"]*careless.c","line":125'
expect_outcome careless fails-in-words failed '"message":"too bad: 42"'
expect_outcome careless skips-without-words skipped 'mt_skip'
checks=$((checks + 1))
[ "$(count_outcomes passed)" -eq 0 ] || fail "what is careless passes"
expect_nothing_left
finish
