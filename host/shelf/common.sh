# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# What the parts of migtest-shelf share: how a command is run so that a signal ends it at once, and a log
# that need not be removed. A script that reads this file defines complain().

child=
log_file=/dev/null

# The log has no name, so that no file is left, however the script ends.
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

# Runs a program. Its output goes to the log, and its input comes from $input, if that is set. It runs in
# the background, since the shell handles a signal only after a program in the foreground has ended.
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

# Prints the line of the log that explains most why a command failed: a full disk, an error of apt, a
# warning of apt, or else the last line.
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

# Removes a folder. Processes of a command that was ended may still write to it for a moment, and an
# interrupted copy may be read-only.
remove_folder() {
    local attempt
    for attempt in 1 2 3 4 5; do
        ! rm -rf "$1" 2>/dev/null || [ -e "$1" ] || return 0
        chmod -R u+rwX "$1" 2>/dev/null
        sleep 0.1
    done
    rm -rf "$1"
}
