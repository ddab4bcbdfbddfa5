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
    expect_nothing_left
}

run run -t "$test" --source /nonexistent/qemu
expect_error error 'the source cannot be used: cannot run /nonexistent/qemu: No such file'

run run -t "$test" --destination no-such-qemu
expect_error error 'the destination cannot be used: there is no no-such-qemu on the PATH'

echo data >plain-file
run run -t "$test" --source ./plain-file
expect_error error 'cannot run ./plain-file: Permission denied'

run run -t "$test" --source /bin/false
expect_error error 'the source cannot be used: .*exited with status 1'

wrapper garbage <<'END'
#!/bin/sh
echo "not a monitor" >&3
sleep 60
END
run run -t "$test" --source ./garbage
expect_error error 'not JSON: not a monitor'

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
expect_nothing_left

wrapper falls-silent <<'END'
#!/bin/sh
printf '{"QMP": {"version": {"qemu": {"micro": 0, "minor": 0, "major": 10}, "package": ""}, "capabilities": []}}\n' >&3
sleep 60
END
run run -t "$test" --source ./falls-silent
expect_error error 'the source cannot be used: it did not end within 15 s'

wrapper drops-accel <<END
#!/bin/bash
arguments=()
while [ \$# -gt 0 ]; do
    if [ "\$1" = -accel ]; then shift 2; else arguments+=("\$1"); shift; fi
done
exec $qemu "\${arguments[@]}"
END
printf 'version: 1\naccel: kvm\nplugins: {precopy: {}}\n' >manifest.yaml
run run -t "$test" --source ./drops-accel --destination ./drops-accel manifest.yaml
expect_status 1
expect_outcome precopy "$test" error 'no accelerator works here; kvm: (asked for kvm, it runs with tcg|/dev/kvm)'

wrapper own-firmware <<END
#!/bin/sh
exec $qemu -L /nonexistent "\$@"
END
run run -t "$test" --source ./own-firmware
expect_nothing_left
checks=$((checks + 1))
[ "$status" -eq 0 ] || expect_outcome precopy "$test" error
finish
