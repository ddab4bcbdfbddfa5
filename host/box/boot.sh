# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154,SC1007
# The box while it runs: QEMU, the channels to it, its deadline, the signals passed on to it, its end.

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
        # For reading and writing, so that neither we nor QEMU wait for the other to open it.
        exec {fd}<>"$work/$name"
        pipes[$name]=$fd
    done
    exec {fd}<>"$work/control.in"
    pipes[control]=$fd
}

# Without the writing ends, a reader hears of the box's end.
close_channels() {
    local fd
    for fd in "${pipes[@]}"; do
        exec {fd}>&-
    done
}

# What a reader does first. A signal to the whole group, such as timeout's, must leave it, as migtest in
# the box is still to write its reports.
begin_reading() {
    trap '' INT TERM HUP
    exec <"$work/$1"
    close_channels
}

# A reader whose own output is gone goes on reading, as the box would wait for it.
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

# With five levels of page tables and the virtual GIF and VMSAVE, all of which TCG offers, guests of the KVM
# in the box stood still, or the destination was refused their registers, in 6 of 13 migrations; without
# them in none of 6.
# TCG goes through a rep movsb byte by byte, and a kernel and a C library that are told that these are
# fast use them for all they copy: a migration in the box took twice as long.
# Nobody attacks this kernel, and what it does against that takes it a second until KVM works.
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

# In a session of its own, as Ctrl-C at the terminal is for migtest in the box; and gone when we are,
# however we end.
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

# The first goes to migtest in the box, which writes its reports; the second ends the box.
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

# Until QEMU has ended; what init says on the way.
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

# Why there is no exit status of migtest's own.
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
    # A box that came to nothing sends nothing, and has its own reason.
    [ -z "$exit_status" ] || [ ! -e "$work/files.failed" ] ||
        die "what was written in the box could not be taken out of it: $(tail -n 1 "$work/files.log")"
}
