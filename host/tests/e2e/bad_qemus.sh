#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# QEMUs that are none, die, or fall silent: what meets them says so, soon, and the run goes on.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"

qemu=$(command -v qemu-system-x86_64)
test=precopy/unix/plain

wrapper() {
    cat >"$1"
    chmod +x "$1"
}

expect_error() {
    expect_status 1
    expect_outcome precopy "$test" "$1" "$2"
}

# Where QEMU runs and the guest cannot be heard, that is said, and what may be why; by check, too. It
# takes its time, and the rest is done meanwhile.
cat >silent.yaml <<'END'
version: 1
accel: tcg
args: [-device, "isa-serial,index=0,chardev=c", -chardev, "null,id=c"]
plugins: {precopy: {}}
END
run check silent.yaml
expect_status 0
expect_err 'warning: silent.yaml:3:8: with -device in args nothing may run: it takes the first serial port'
"$migtest" run -t "$test" --results silent-results silent.yaml >silent.out 2>silent.err </dev/null &
silent=$!

# Nothing can be run with it: its one cause is said once, and what was there before stays.
expect_unusable() {
    expect_status 2
    expect_err "^migtest: $1"
    expect_out '^1 test was not run for this$'
    checks=$((checks + 1))
    [ ! -e migtest-results ] || fail 'results were made'
}

run run -t "$test" --source /nonexistent/qemu
expect_unusable 'the source cannot be used: cannot run /nonexistent/qemu: No such file'

run run -t "$test" --destination no-such-qemu
expect_unusable 'the destination cannot be used: there is no no-such-qemu on the shelf or the PATH'

run run -t "$test" --source ./
expect_unusable 'the source cannot be used: \./ is a folder; expected a QEMU'

echo data >plain-file
run run -t "$test" --source ./plain-file
expect_unusable 'the source cannot be used: cannot run ./plain-file: Permission denied'

run run -t "$test" --source /bin/false --destination /bin/true
expect_unusable 'the source cannot be used: .*/false\) exited with status 1 without a word; the destination cannot be used: .*/true\) exited with status 0'

wrapper lost-library <<'END'
#!/bin/sh
exec /nonexistent/lib/ld-linux-x86-64.so.2 /usr/bin/qemu-system-x86_64 "$@"
END
run run -t "$test" --source ./lost-library
expect_unusable 'the source cannot be used: .*lost-library\) exited with status 127, its last words: .*not found'

wrapper stays <<END
#!/bin/sh
$qemu "\$@"
END
run run -t "$test" --source ./stays
expect_unusable 'the source cannot be used: .*/stays runs QEMU as another process .* expected a wrapper to become QEMU by exec'

wrapper garbage <<'END'
#!/bin/sh
echo "not a monitor" >&3
sleep 60
END
run run -t "$test" --source ./garbage
expect_unusable 'the source cannot be used: .*/garbage: .*not JSON: not a monitor'

wrapper falls-silent <<'END'
#!/bin/sh
printf '{"QMP": {"version": {"qemu": {"micro": 0, "minor": 0, "major": 10}, "package": ""}, "capabilities": []}}\n' >&3
sleep 60
END
run run -t "$test" --source ./falls-silent
expect_unusable 'the source cannot be used: .*/falls-silent: asking it what it can do: .*it did not come within 30000 ms'

manifest <<'END'
version: 1
machine: no-such-machine
plugins: {precopy: {}}
END
run run -t "$test" manifest.yaml
expect_unusable 'the source \(QEMU [0-9.]+\) has no machine no-such-machine; the source is /'

# It starts, but not with what the manifest wants of it.
manifest <<'END'
version: 1
cpu: no-such-cpu
plugins: {precopy: {}}
END
run run -t "$test" manifest.yaml
expect_unusable "the source cannot be used: QEMU does not start with the manifest's machine, cpu and args: .* exited with status 1, its last words: .*no-such-cpu"

# All reports tell of every test, and red is the run.
run run --source /bin/false --junit junit.xml --tap tap
expect_status 2
expect_out '^[0-9]{2} tests were not run for this$'
valid_junit junit.xml
checks=$((checks + 4))
[ "$(wc -l <err)" -eq 1 ] || fail 'the cause is not said once'
[ "$(wc -l <out)" -eq 1 ] || fail 'more than the sum is printed'
[ "$(xmllint --xpath 'count(//testcase[failure])' junit.xml)" -eq 1 ] || fail 'not one failed case'
xmllint --xpath '//testcase[@classname="migtest.run"]/failure/@message' junit.xml |
    grep -q 'the source cannot be used: .* tests were not run for this' || fail 'the case of the run says no cause'
[ "$(xmllint --xpath 'count(//testcase[skipped])' junit.xml)" -gt 30 ] || fail 'its tests are missing'
[ "$(grep -c '^not ok' tap)" -eq 1 ] || fail 'TAP has not one bad point'

run list --source /bin/false
expect_status 1
expect_err '^migtest: the source cannot be used: '
expect_out '^error  precopy:precopy/unix/plain  \[qemu\]$'
checks=$((checks + 1))
[ "$(wc -l <err)" -eq 1 ] || fail 'the cause is not said once'

# A side's arguments are for its machine, and a probe has none. The later of two counts.
manifest <<END
version: 1
accel: tcg
qemu:
  source: {binary: $qemu, args: [-device, virtio-rng-pci, -cpu, qemu64, -smp, "2", -drive, "file=plain-file,if=virtio,format=raw,read-only=on"]}
  destination: {binary: $qemu, args: [-device, virtio-rng-pci, -smp, "2", -drive, "file=plain-file,if=virtio,format=raw,read-only=on"]}
plugins: {precopy: {}}
END
truncate -s 1M plain-file
run run -t "$test" manifest.yaml
expect_status 0
expect_journal '-device virtio-rng-pci -cpu qemu64 -smp 2 -drive'
sed -i 's/args: \[-device/args: [-m, 200M, -device/' manifest.yaml
sed -i '/destination:/s/-m, 200M, //' manifest.yaml
run run -t "$test" manifest.yaml
expect_status 1
expect_outcome precopy "$test" failed 'pc.ram'

rm -r migtest-results

# One that does not run its guest is not waited for.
wrapper stopped <<END
#!/bin/sh
case "\$*" in *"-name trial"*) exec $qemu "\$@" -S ;; esac
exec $qemu "\$@"
END
printf 'version: 1\naccel: tcg\nplugins: {precopy: {}}\n' >manifest.yaml
SECONDS=0
run run -t "$test" --source ./stopped manifest.yaml
expect_unusable "the source cannot be used: .*/stopped: QEMU has started, but does not run migtest's guest: its status is prelaunch"
checks=$((checks + 1))
[ "$SECONDS" -lt 30 ] || fail "it was waited for: $SECONDS s"

wrapper dies-at-start <<END
#!/bin/sh
case "\$*" in *"-machine none"*) exec $qemu "\$@" ;; esac
case "\$*" in *"-name source"*) echo "out of luck" >&2; exit 7 ;; esac
exec $qemu "\$@"
END
run run -t "$test" --source ./dies-at-start
expect_error failed 'the source .*dies-at-start\) exited with status 7, its last words: out of luck'

wrapper dies-in-the-middle <<END
#!/bin/sh
case "\$*" in *"-name source"*) (sleep 1.2; kill -SEGV \$\$) & ;; esac
exec $qemu "\$@"
END
manifest <<'END'
version: 1
plugins: {precopy: {}}
END
run run -t auto_converge --slow --source ./dies-in-the-middle manifest.yaml
expect_status 1
expect_outcome precopy auto_converge failed 'the source .* was killed by SIGSEGV'

wrapper drops-accel <<END
#!/bin/bash
arguments=()
while [ \$# -gt 0 ]; do
    if [ "\$1" = -accel ]; then shift 2; else arguments+=("\$1"); shift; fi
done
exec $qemu "\${arguments[@]}"
END
printf 'version: 1\naccel: kvm\nplugins: {precopy: {}}\n' >manifest.yaml
rm -rf migtest-results
run run -t "$test" --source ./drops-accel --destination ./drops-accel manifest.yaml
expect_unusable 'no accelerator works here; kvm: (asked for kvm, it runs with tcg|/dev/kvm)'

wrapper own-firmware <<END
#!/bin/sh
exec $qemu -L /nonexistent "\$@"
END
run run -t "$test" --source ./own-firmware
checks=$((checks + 1))
[ "$status" -eq 0 ] || expect_unusable 'the source cannot be used: '

status=0
wait "$silent" || status=$?
cp silent.err err
expect_status 2
expect_err "the source cannot be used: .*: QEMU runs, but migtest's guest says nothing within 40 s; -device isa-serial,index=0,chardev=c in the manifest's args may be why"
expect_nothing_left
finish
