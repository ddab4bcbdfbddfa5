#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A KVM that is far slower than TCG, as an emulated one is: tests that do not need it do not wait for
# its trial, and whoever asks for it gets its result, which is remembered.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"
export XDG_CACHE_HOME=$work/cache

cat >slow-kvm <<END
#!/bin/sh
case " \$* " in
*" -accel kvm"*)
    echo started >>$work/kvm-trials
    sleep 5
    ;;
esac
exec $(command -v qemu-system-x86_64) "\$@"
END
chmod +x slow-kvm
touch kvm-trials

manifest <<'END'
version: 1
qemu: {source: {binary: ./slow-kvm}, destination: {binary: ./slow-kvm}}
plugins: {precopy: {}}
END

expect_trials() {
    checks=$((checks + 1))
    [ "$(wc -l <kvm-trials)" -eq "$1" ] || fail "$(wc -l <kvm-trials) QEMUs with KVM, expected $1"
}

# Results of trials of KVM in the cache.
expect_remembered() {
    checks=$((checks + 1))
    [ "$(grep -rl 'kvm 2' cache/migtest | wc -l)" -eq "$1" ] ||
        fail "trials of KVM in the cache: $(grep -rl 'kvm 2' cache/migtest), expected $1"
}

trials=0
if [ -r /dev/kvm ] && [ -w /dev/kvm ]; then
    trials=1
fi

# The run is over before the trial is.
run run -t precopy/unix/plain manifest.yaml
expect_status 0
expect_trials "$trials"
expect_remembered 0

# Where only TCG is asked for, KVM is not tried.
sed '2a accel: tcg' manifest.yaml >tcg.yaml
run run -t precopy/unix/plain tcg.yaml
expect_status 0
expect_trials "$trials"

# A run that only asks for KVM waits for its trial, and can be ended meanwhile, with its reports.
"$migtest" run -t dirty_ring --junit ended.xml manifest.yaml >out 2>err </dev/null &
pid=$!
until [ "$(wc -l <kvm-trials)" -gt "$trials" ] || ! kill -0 "$pid" 2>/dev/null; do
    sleep 0.1
done
kill -TERM "$pid" 2>/dev/null || true
status=0
wait "$pid" || status=$?
valid_junit ended.xml
if [ "$trials" -gt 0 ]; then
    expect_status 143
    expect_outcome precopy dirty_ring skipped interrupted
    ! grep 'nothing of the selection can run here' out || fail 'an interrupted run is said to be empty'
    trials=$(wc -l <kvm-trials)
fi

# migtest doctor waits for the trial, and no run tries KVM again once its result is known.
run doctor manifest.yaml
expect_out '^kvm '
if [ "$trials" -gt 0 ]; then
    checks=$((checks + 1))
    [ "$(wc -l <kvm-trials)" -gt "$trials" ] || fail "KVM was not tried"
    trials=$(wc -l <kvm-trials)
fi
# On a host that is too busy the trial may run out of time, which is no result.
if grep -qE '^kvm +works' out; then
    expect_remembered 1
    run run -t precopy/unix/plain manifest.yaml
    expect_status 0
    expect_trials "$trials"
fi
expect_nothing_left
finish
