#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The release's own, older QEMU as source, as destination, and as both: nothing fails, and what it
# lacks is skipped by name.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"
old=$3

passing=(precopy:precopy/unix/plain precopy:precopy/tcp/plain fd:precopy/fd/tcp fd:precopy/fd/file
    precopy:precopy/unix/bandwidth precopy:precopy/unix/switchover precopy:precopy/tcp/return-path/held
    precopy:precopy/unix/announce precopy:precopy/unix/shared-disk
    precopy:precopy/unix/working-set precopy:precopy/unix/dirty-rate
    precopy:precopy/unix/leaks precopy:precopy/unix/lost-destination
    multifd:multifd/tcp/channels multifd:multifd/tcp/uri/plain/none multifd:multifd/tcp/plain/cancel)

check() {
    local side=$1
    expect_status 0
    for test in "${passing[@]}"; do
        expect_outcome "${test%%:*}" "${test#*:}" passed
    done
    expect_outcome precopy precopy/tcp/plain/switchover-ack skipped \
        "the $side \(QEMU 7.2.[0-9]+\) has no capability switchover-ack"
    expect_outcome multifd multifd/tcp/plain/zero-page/none skipped \
        "the $side \(QEMU 7.2.[0-9]+\) has no parameter zero-page-detection"
    expect_outcome precopy precopy/unix/suspend/live skipped \
        "the $side \(QEMU 7.2.[0-9]+\) does not keep a suspended guest suspended"
    checks=$((checks + 1))
    [ "$(count_outcomes '(failed|error)')" -eq 0 ] || fail "something failed"
    grep -q '"machine":"pc-q35-7.2"' migtest-results/journal.jsonl || fail "not on machine pc-q35-7.2"
    expect_nothing_left
}

run run --source "$old" --destination "$old"
check source
# What only one of the two versions says is let pass by name, and counted.
run run --source "$old"
check source
expect_journal '"key":"not kept by QEMU","value":"globalstate: '
run run --destination "$old"
check destination
expect_journal '"key":"not kept by QEMU","value":"globalstate: '

# Its older machine types call a backend's RAM by another name, which is compared all the same.
printf 'version: 1\nmachine: pc-q35-3.1\nmemory_backend: memfd\nplugins: {precopy: {}}\n' >manifest.yaml
run run --source "$old" --destination "$old" -t precopy/unix/plain manifest.yaml
expect_status 0
expect_journal '"key":"ram","value":"153792 KiB equal'

# What really ran is named, by whatever name it was started; migtest asks again what that name runs tomorrow.
installed=$(readlink -f "$(command -v qemu-system-x86_64)")
expect_ran() {
    local id
    id=$(readelf -n "$1" | sed -n 's/ *Build ID: //p')
    checks=$((checks + 1))
    [ "$(grep -cF "\"build_id\":\"$id\",\"program\":\"$1\"" migtest-results/journal.jsonl)" -ge 2 ] ||
        fail "$1 with build id $id did not run on both sides"
    expect_journal "\"source_build_id\":\"$id\""
    expect_journal "\"destination_build_id\":\"$id\""
}
wraps() {
    printf '#!/bin/sh\nexec %s "$@"\n' "$1" >today
    chmod +x today
}
wraps "$installed"
run run --source ./today --destination ./today -t precopy/unix/plain
expect_status 0
expect_ran "$installed"
wraps "$old"
run run --source ./today --destination ./today -t precopy/unix/plain --junit junit.xml
expect_status 0
expect_ran "$(dirname "$(readlink -f "$old")")/usr/bin/qemu-system-x86_64"
checks=$((checks + 1))
xmllint --xpath '//property[@name="source version"]/@value' junit.xml | grep -q '"7\.2\.' ||
    fail 'the report has another version'

# Replaced while the run goes on: by one that lacks the machine, and by one that greets.
replaced() {
    cat >today <<END
#!/bin/sh
case "\$*" in *"-name $3"*) touch replaced ;; esac
[ ! -e replaced ] || exec $2 "\$@"
exec $1 "\$@"
END
    rm -f replaced
    XDG_CACHE_HOME=$work/replaced-cache run run --source ./today --destination ./today -t precopy/unix/plain
    rm -rf "$work/replaced-cache"
}
replaced "$installed" "$old" source
expect_status 1
expect_outcome precopy precopy/unix/plain error 'today was asked what it can do as QEMU .* and QEMU 7\.2\..* has started now'
expect_journal '"reason":"environment"'
replaced "$old" "$installed" source
expect_status 1
expect_outcome precopy precopy/unix/plain error 'today was asked what it can do as QEMU 7\.2\.'
expect_journal '"reason":"environment"'
replaced "$old" "$installed" trial
expect_status 2
expect_err '^migtest: the source cannot be used: .*today was asked what it can do as QEMU 7\.2\..* run again'
expect_nothing_left
finish
