# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154,SC1007
# What goes into the box beside its image (the command, the files that it names), and what comes out.

outputs=()
resumes=

absolute() {
    case $1 in
    /*) echo "$1" ;;
    *) echo "$PWD/$1" ;;
    esac
}

# Each word of the command may name a file to read, or one to write.
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

# cmocka's own way to ask for a file; %g is a group's name.
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
    # QEMUs are found as they are here; behind that is what the box has of its own.
    printf 'export PATH=%s\n' "$(quoted "$PATH:/usr/bin:/bin:/usr/sbin:/sbin")"
    printf 'cd %s\nexec %s\n' "$(quoted "$PWD")" "$(quoted "$migtest" "$@")"
}

# Sets what $work/run.tar holds: a disk to the box, which has room for whole sectors only.
pack() {
    local given=$work/layer/run/migtest-box
    closure=()
    add_path "$PWD"
    look_at_words "$@"
    look_at_environment
    if [ -n "$results" ]; then
        # First, as nothing else is worth more.
        outputs=("$results" "${outputs[@]}")
        [ ! -d "$results" ] || add_path "$(absolute "$results_named")"
        [ ! -f "$results/journal.jsonl" ] || add_path "$results/journal.jsonl"
    fi
    mkdir -p "$given"
    write_command "$@" >"$given/command"
    printf '%s\n' "${outputs[@]}" >"$given/outputs"
    uname -n >"$given/hostname"
    printf '%s\n' "${!closure[@]}" | sort >"$work/inputs"
    # Status 1: a folder changed meanwhile, of which only the name is wanted.
    tar -cf "$work/run.tar" --no-recursion -C / --files-from <(sed 's,^/,,' "$work/inputs") \
        -C "$work/layer" run run/migtest-box run/migtest-box/{command,outputs,hostname} \
        2>"$work/pack.log" || [ "$?" -eq 1 ] ||
        die "cannot pack what the box is to be given: $(tail -n 1 "$work/pack.log")"
}

# Only what the command may write leaves the box, whatever was written in it.
put_in_place() {
    # An output may be a pattern, such as "%g" of cmocka's, and have blanks.
    local path staged lost=() IFS=
    # A run that goes on has its earlier results there, and keeps them.
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
