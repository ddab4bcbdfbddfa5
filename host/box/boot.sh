# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154,SC1007
# The box while it runs: its QEMU, the channels to the box, the deadline, signals and the end.

boot_limit=120
grace=60
channels=(stdout stderr files status)
declare -A pipes=()
box=
readers=()
started= ended= booted= exit_status= fault= overdue= signalled=

open_channels() {
    local name fd
    mkdir -p "$work/out"
    mkfifo "$work/control.in" "$work/control.out"
    for name in "${channels[@]}"; do
        mkfifo "$work/$name"
        # Opened for reading and writing, so that neither this script nor QEMU waits for the other to open it.
        exec {fd}<>"$work/$name"
        pipes[$name]=$fd
    done
    exec {fd}<>"$work/control.in"
    pipes[control]=$fd
}

# A reader sees the end of the box only when this script has closed its own writing ends.
close_channels() {
    local fd
    for fd in "${pipes[@]}"; do
        exec {fd}>&-
    done
}

# What a reader does first. A reader ignores a signal to the whole process group, such as that of
# timeout, since migtest in the box still writes its reports after the signal.
begin_reading() {
    trap '' INT TERM HUP
    exec <"$work/$1"
    close_channels
}

# A reader whose own output is closed goes on reading, since the box would wait for the reader otherwise.
start_readers() {
    (
        begin_reading stdout
        cat || cat >/dev/null
    ) &
    readers+=($!)
    (
        begin_reading stderr
        cat >&2 || cat >/dev/null
    ) &
    readers+=($!)
    (
        begin_reading files
        if ! cd "$work/out" || ! cpio -idu --quiet --no-absolute-filenames 2>"$work/files.log"; then
            touch "$work/files.failed"
        fi
        cat >/dev/null
    ) &
    readers+=($!)
}

# TCG offers five levels of page tables, the virtual GIF and VMSAVE. With these, 6 of 13 migrations failed:
# guests of the KVM in the box stood still, or KVM refused the registers on the destination. Without them
# none of 6 migrations failed.
# TCG executes rep movsb byte by byte. A kernel and a C library that believe that rep movsb is fast use it
# for all copies, and a migration in the box took twice as long. So erms and fsrm are off.
# Nobody attacks this kernel, and its mitigations would delay KVM by a second. So they are off, too.
kernel_options="console=ttyS0 quiet panic=-1 oops=panic mitigations=off"
cpu=max,la57=off,vgif=off,v-vmsave-vmload=off,erms=off,fsrm=off

box_command() {
    local name
    # shellcheck disable=SC2054
    command=("$emulator" -no-user-config -nodefaults -display none -no-reboot
        -accel tcg,thread=multi -machine q35 -cpu "$cpu" -smp "$cpus" -m "$memory"
        -kernel "$kernel" -initrd "$image" -append "$kernel_options"
        -serial "file:$work/console" -device virtio-serial-pci
        -chardev "pipe,id=control,path=$work/control"
        -device virtserialport,chardev=control,name=migtest.control
        -drive "if=virtio,format=raw,readonly=on,file=$work/run.tar")
    for name in "${channels[@]}"; do
        command+=(-chardev "file,id=$name,path=$work/$name"
            -device "virtserialport,chardev=$name,name=migtest.$name")
    done
}

# The box gets a session of its own, as Ctrl-C at the terminal is for migtest in the box. It dies with
# this script, however this script ends.
start_box() {
    local command
    box_command
    SECONDS=0
    started=$EPOCHREALTIME
    # shellcheck disable=SC2016
    setsid setpriv --pdeathsig KILL bash -c \
        'log=$1 status=$2; shift 2; setpriv --pdeathsig KILL "$@" >"$log" 2>&1; echo "ended $?" >"$status"' \
        bash "$work/emulator" "$work/status" "${command[@]}" </dev/null >/dev/null 2>&1 &
    box=$!
}

stop_box() {
    [ -z "$box" ] || kill -KILL -- "-$box" 2>/dev/null
    box=
}

# The first signal goes to migtest in the box, which writes its reports; the second ends the box.
pass_on() {
    if [ -n "$signalled" ] || [ -z "$booted" ]; then
        signalled=$1
        stop_box
        die_by_signal
    fi
    signalled=$1
    echo "$1" >&"${pipes[control]}"
}

die_by_signal() {
    clean_up
    trap - EXIT INT TERM HUP
    kill -s "$signalled" $$
}

check_deadline() {
    [ "$boot_limit" -le "$deadline" ] || boot_limit=$deadline
    if [ -z "$booted" ] && [ "$SECONDS" -ge "$boot_limit" ]; then
        overdue="it did not come up within $boot_limit s"
        stop_box
    elif [ "$SECONDS" -ge "$((deadline + grace))" ]; then
        overdue="migtest in it was not done within $deadline s, nor $grace s after it was told to end"
        stop_box
    elif [ "$SECONDS" -ge "$deadline" ] && [ -z "$overdue" ]; then
        overdue="migtest in it was not done within $deadline s, and was told to end"
        echo TERM >&"${pipes[control]}"
    fi
}

# Waits until QEMU has ended, and takes what init reports until then.
attend() {
    local line
    while [ -n "$box" ]; do
        if read -r -t 1 -u "${pipes[status]}" line; then
            case $line in
            ready*)
                booted=${line#ready }
                mention "KVM works in it after $(seconds_since "$started") s"
                ;;
            fault*) fault=${line#fault } ;;
            exit*) exit_status=${line#exit } ;;
            ended*)
                ended=${line#ended }
                box=
                ;;
            esac
        fi
        check_deadline
    done
}

show_console() {
    [ -s "$work/console" ] || return 0
    printf 'migtest: box: the end of its console:\n' >&2
    tr -d '\r\000' <"$work/console" | tail -n 25 | sed 's/^/    /' >&2
}

# Says why migtest in the box returned no exit status.
explain_end() {
    if [ -z "$fault" ]; then
        show_console
    fi
    [ -z "$fault" ] || die "the box is of no use: $fault"
    [ -z "$overdue" ] || die "the box was ended: $overdue"
    [ -s "$work/console" ] || die "$emulator cannot start the box: $(tail -n 1 "$work/emulator") (status ${ended:-unknown})"
    die "the box ended by itself, before migtest in it did (status ${ended:-unknown})"
}

run_box() {
    open_channels
    start_readers
    trap 'pass_on INT' INT
    trap 'pass_on TERM' TERM
    trap 'pass_on HUP' HUP
    start_box
    attend
    close_channels
    wait "${readers[@]}"
    # A box that failed sends no files; explain_end says why it failed.
    [ -z "$exit_status" ] || [ ! -e "$work/files.failed" ] ||
        die "what was written in the box could not be taken out of it: $(tail -n 1 "$work/files.log")"
}
