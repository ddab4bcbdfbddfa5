# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# What the parts of migtest-shelf share: how they speak, how a command is run so that a signal ends it
# at once, and a log that nobody has to remove. Whoever reads this file defines complain() first.

child=
log_file=/dev/null

# The log has no name, so that nothing of it is left however this ends.
open_log() {
    local file
    file=$(mktemp) || {
        complain "cannot make a temporary file in ${TMPDIR:-/tmp}"
        return
    }
    exec {log}>>"$file"
    rm -f "$file"
    log_file=/proc/$$/fd/$log
}

# Runs a program, whose output goes to the log and whose input comes from $input, if that is set. In the
# background, as the shell heeds a signal only when what it runs in the foreground has ended.
run_logged() {
    local status
    : >"$log_file"
    "$@" >&"$log" 2>&1 <"${input:-/dev/null}" &
    child=$!
    wait "$child"
    status=$?
    child=
    return "$status"
}

end_child() {
    [ -z "$child" ] || kill -TERM "$child" 2>/dev/null
    wait
    child=
}

# What the command that failed said that tells most: that there is no room, what apt calls an error, or a
# warning, and else what came last.
last_words() {
    local words pattern
    for pattern in '(No space left|Disk quota exceeded|File too large|File size limit|received signal 25)' \
        '^E: ' '^W: (Failed|GPG)' '[^[:space:]]'; do
        words=$(grep -E -- "$pattern" "$log_file" | grep -v '^[EW]: Some index files failed' | tail -n 1)
        [ -z "$words" ] || break
    done
    words=${words#[EW]: }
    echo "${words:-it said nothing}"
}

need_programs() {
    local program missing=()
    for program in "$@"; do
        command -v "$program" >/dev/null || missing+=("$program")
    done
    [ "${#missing[@]}" -eq 0 ] || complain "this needs ${missing[*]}, which this system lacks"
}

# A folder may still be written to for a moment by what an ended command had started, and a copy that was
# interrupted may be read-only.
remove_folder() {
    local attempt
    for attempt in 1 2 3 4 5; do
        ! rm -rf "$1" 2>/dev/null || [ -e "$1" ] || return 0
        chmod -R u+rwX "$1" 2>/dev/null
        sleep 0.1
    done
    rm -rf "$1"
}
