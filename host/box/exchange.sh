# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154,SC1007
# The files that go into the box beside its image (the command and the files that it names), and the
# files that come out.

outputs=()
resumes=

absolute() {
    case $1 in
    /*) echo "$1" ;;
    *) echo "$PWD/$1" ;;
    esac
}

# Each word of the command may be the name of a file to read, or of a file to write.
look_at_words() {
    local word path
    for word in "$@"; do
        case $word in
        --resume)
            resumes=yes
            continue
            ;;
        --*=*) word=${word#*=} ;;
        -* | '') continue ;;
        esac
        path=$(absolute "$word")
        [ ! -f "$path" ] || add_path "$path"
        # A journal may be named by its folder.
        [ ! -f "$path/journal.jsonl" ] || add_path "$path/journal.jsonl"
        [ ! -d "${path%/*}" ] || add_path "${path%/*}"
        outputs+=("$path")
    done
}

# cmocka's variable for an output file, in which %g is the name of a group.
look_at_environment() {
    local path
    if [ -n "${CMOCKA_XML_FILE-}" ]; then
        path=$(absolute "$CMOCKA_XML_FILE")
        add_path "${path%/*}"
        outputs+=("${path//%g/*}")
    fi
}

write_command() {
    local name
    while read -r name; do
        # shellcheck disable=SC2254
        case $name in
        MIGTEST_* | CMOCKA_* | LC_* | LANG | NO_COLOR | TZ | LD_LIBRARY_PATH | GLIBC_TUNABLES)
            printf 'export %s=%s\n' "$name" "$(quoted "${!name}")"
            ;;
        esac
    done < <(compgen -e)
    # The PATH of this machine finds the same QEMUs; the box's own folders come last.
    printf 'export PATH=%s\n' "$(quoted "$PATH:/usr/bin:/bin:/usr/sbin:/sbin")"
    printf 'cd %s\nexec %s\n' "$(quoted "$PWD")" "$(quoted "$migtest" "$@")"
}

# Writes $work/run.tar, which is a disk of the box. A disk has whole sectors only, as tar writes them.
pack() {
    local given=$work/layer/run/migtest-box
    closure=()
    add_path "$PWD"
    look_at_words "$@"
    look_at_environment
    if [ -n "$results" ]; then
        # The results come first, as they matter most.
        outputs=("$results" "${outputs[@]}")
        [ ! -d "$results" ] || add_path "$(absolute "$results_named")"
        [ ! -f "$results/journal.jsonl" ] || add_path "$results/journal.jsonl"
    fi
    mkdir -p "$given"
    write_command "$@" >"$given/command"
    printf '%s\n' "${outputs[@]}" >"$given/outputs"
    uname -n >"$given/hostname"
    printf '%s\n' "${!closure[@]}" | sort >"$work/inputs"
    # Status 1: a folder changed meanwhile. Only the folder's name is packed, so that is no fault.
    tar -cf "$work/run.tar" --no-recursion -C / --files-from <(sed 's,^/,,' "$work/inputs") \
        -C "$work/layer" run run/migtest-box run/migtest-box/{command,outputs,hostname} \
        2>"$work/pack.log" || [ "$?" -eq 1 ] ||
        die "cannot pack what the box is to be given: $(tail -n 1 "$work/pack.log")"
}

# Copies only the files that the command may write, whatever else was written in the box.
put_in_place() {
    # An output may be a pattern, as for cmocka's %g, and may have blanks.
    local path staged lost=() IFS=
    # A resumed run keeps the earlier results, which are there.
    if [ -z "$resumes" ] && [ -n "$results" ] && [ -e "$work/out$results/journal.jsonl" ]; then
        "$migtest" box --prepare "$results_named" || die "the results cannot be kept"
    fi
    for path in "${outputs[@]}"; do
        # shellcheck disable=SC2086
        for staged in "$work/out"$path; do
            if [ -d "$staged" ]; then
                mkdir -p "${staged#"$work/out"}" && cp -R "$staged/." "${staged#"$work/out"}/"
            elif [ -f "$staged" ]; then
                cp "$staged" "${staged#"$work/out"}"
            fi || lost+=("$path")
        done
    done
    [ "${#lost[@]}" -eq 0 ] || die "cannot write ${lost[0]}"
}
