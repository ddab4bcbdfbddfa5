# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154,SC1007
# Which files of this machine a program needs to run elsewhere, under the same paths.

# What a path is a link to; "." of what is none.
declare -A closure=()

# The path, every folder on the way to it, and every link with what it leads to.
add_path() {
    local rest=${1#/} at='' part known
    while [ -n "$rest" ]; do
        part=${rest%%/*}
        rest=${rest#"$part"}
        rest=${rest#/}
        case $part in
        '' | .) continue ;;
        ..) at=${at%/*} && continue ;;
        esac
        at=$at/$part
        known=${closure[$at]-}
        if [ -z "$known" ]; then
            [ -e "$at" ] || return 0
            [ ! -L "$at" ] || known=$(readlink "$at")
            closure[$at]=${known:=.}
        fi
        case $known in
        .) ;;
        /*) at='' rest=${known#/}${rest:+/$rest} ;;
        *) at=${at%/*} rest=$known${rest:+/$rest} ;;
        esac
    done
}

# The libraries that ldd lists, whose paths may have blanks.
listed_libraries() {
    sed -nE 's/^.* => (\/.*) \(0x[0-9a-f]+\)$/\1/p; s/^[[:space:]]*(\/.*) \(0x[0-9a-f]+\)$/\1/p'
}

# With the folder of libraries that a wrapper would have set.
add_libraries() {
    local library_path=$1 path
    shift
    while IFS= read -r path; do
        add_path "$path"
    done < <(LD_LIBRARY_PATH=$library_path ldd "$@" 2>/dev/null | listed_libraries | sort -u)
}

add_programs() {
    local path
    for path in "$@"; do
        add_path "$path"
    done
    add_libraries "${LD_LIBRARY_PATH-}" "$@"
}

# Whoever starts a script: its first line, but for what busybox is in the box.
add_interpreter() {
    local line interpreter
    IFS= read -r line <"$1" 2>/dev/null || return 0
    [ "${line:0:2}" = '#!' ] || return 0
    read -r interpreter _ <<<"${line:2}"
    case $interpreter in
    /bin/sh | /usr/bin/env | '') ;;
    *) [ ! -x "$interpreter" ] || add_programs "$interpreter" ;;
    esac
    # What is called by name in a script of bash's is there as busybox's.
    case $line in
    *env\ bash*) add_programs "$(command -v bash)" ;;
    esac
}

# All files below a folder, and what programs and libraries among them need.
add_folder() {
    local path objects=()
    while IFS= read -r -d '' path; do
        add_path "$path"
        case $path in
        *.so | *.so.*) objects+=("$path") ;;
        esac
    done < <(find -L "$1" -type f -print0 2>/dev/null)
    [ "${#objects[@]}" -eq 0 ] || add_libraries "${LD_LIBRARY_PATH-}" "${objects[@]}"
}
