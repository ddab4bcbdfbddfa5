#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A feature that does nothing fails the test that is named after it.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"

manifest <<'END'
version: 1
plugins: {idle: {}}
END
# A limit that is ignored shows only where the host could do more, so no more than a pair a core.
run run --slow -j "$(nproc)" --plugin-path "$build/tests/plugins" manifest.yaml
expect_status 1
expect_outcome idle channels/none failed '1 connections for 16 channels and the main one'
expect_outcome idle channels/fewer failed '9 connections for 16 channels and the main one'
expect_outcome idle zero-page/legacy failed 'main_channel_bytes'
expect_outcome idle zero-page/multifd failed 'main_channel_bytes'
expect_outcome idle zero-page/none failed ' != 0'
expect_outcome idle bandwidth/exceeded failed '[0-9]+ bytes went out within [0-9]+ us, at most [0-9]+ may'
expect_outcome idle switchover/in-first-pass failed 'the first pass ended after [0-9]+ of [0-9]+ pages|after [01] passes'
expect_outcome idle switchover/too-early failed 'the source stopped for the switchover after [0-9]+ passes'
expect_outcome idle working-set/all failed '[0-9]+ pages went out in [0-9]+ passes, at most [0-9]+ may'
# Of 5184 pages each, and one for the pass before.
read -r passes most < <(grep -oE 'in [0-9]+ passes, at most [0-9]+ may' migtest-results/journal.jsonl |
    sed -nE '1s/[^0-9]+([0-9]+)[^0-9]+([0-9]+).*/\1 \2/p')
checks=$((checks + 1))
[ "$most" -eq $(((passes + 1) * 5184)) ] || fail "at most $most pages in $passes passes"
expect_outcome idle dirty-rate/all failed '[0-9]+ is not within the range 1-6600'
expect_outcome idle dirty-rate/a-tenth failed 'the dirty rate is [0-9]+ pages a second, found were [0-9]+'
expect_outcome idle announce/too-rarely failed '[0-9]+ of 3 announcements came within 10000 ms'
expect_outcome idle announce/too-often failed 'receive_announcement\(wire, SILENCE_MS\)'
expect_outcome idle auto-converge/never failed 'waiting for cpu-throttle-percentage'
expect_outcome idle auto-converge/in-words-only failed 'throttled by 80 % makes [0-9.]+ passes a second of [0-9.]+'
expect_outcome idle auto-converge/beyond-maximum failed '0x5f != 0x55|95 != 85'
expect_outcome idle auto-converge/no-steps failed '0x1a != 0x3c|26 != 60'
expect_outcome idle downtime/unseen failed 'the guest has not beaten on the source'
expect_outcome idle suspend/live failed ' != 0'
expect_outcome idle suspend/notlive failed ' != 0'
expect_outcome idle switchover-ack/not-waited-for failed \
    'the source stopped for the switchover after [0-9]+ passes'
expect_outcome idle switchover-ack/not-held failed '0x[0-9a-f]+ != 0'
checks=$((checks + 1))
[ "$(count_outcomes passed)" -eq 0 ] || fail "a feature that does nothing passes"

printf 'version: 1\nplugins: {unlocked: {}}\n' >manifest.yaml
run run --plugin-path "$build/tests/plugins" manifest.yaml
expect_status 1
expect_outcome unlocked everywhere failed 'the source has locked no byte of the disk'
expect_outcome unlocked on-the-destination failed \
    'the destination that has the guest has locked no byte of the disk, expected bytes [0-9 ]+'
expect_nothing_left
finish
