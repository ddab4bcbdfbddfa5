# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# An entry of the shelf is a link NAME to a folder .NAME.XXXXXX, so that a new entry replaces an old one in
# one step. The folder holds the files that the QEMU needs, a wrapper qemu-system-x86_64, which runs the
# QEMU by its own loader, and a file "entry" with lines "KEY=VALUE", which describe the entry.

case ${XDG_CACHE_HOME-} in
/*) shelf=$XDG_CACHE_HOME/migtest/qemu ;;
*) shelf=${HOME:-/nonexistent}/.cache/migtest/qemu ;;
esac
# An absolute path, as programs are also run in other folders.
shelf=$(realpath -ms -- "${MIGTEST_SHELF:-$shelf}")
staging=
held=

# A name must not begin as QEMU's programs do, nor with a dot or a hyphen.
check_name() {
    [[ $1 =~ ^[A-Za-z0-9][A-Za-z0-9._+-]*$ && ${#1} -le 64 && $1 != qemu-* ]] ||
        refuse "\"$1\" can be no name on the shelf; expected letters, digits and . _ + -, not beginning with qemu-"
}

# Runs a command while the shelf is locked. The lock is held only while folders are made or removed.
locked() {
    local lock status
    exec {lock}<"$shelf"
    if flock -w 60 "$lock"; then
        "$@"
    else
        complain "cannot lock $shelf"
    fi
    status=$?
    exec {lock}<&-
    return "$status"
}

# Removes folders that killed processes left: no link leads to them, and no process holds their lock.
sweep() {
    local folder name lock
    rm -f "$shelf"/.link.*
    for folder in "$shelf"/.*.??????; do
        [ -d "$folder" ] || continue
        name=${folder##*/.}
        [ "$(readlink "$shelf/${name%.??????}")" != ".$name" ] || continue
        exec {lock}<"$folder" || continue
        ! flock -n "$lock" || remove_folder "$folder"
        exec {lock}<&-
    done
}

make_staging() {
    sweep
    staging=$(mktemp -d "$shelf/.$1.XXXXXX" 2>/dev/null) || {
        complain "cannot make a folder in $shelf"
        return
    }
    chmod 755 "$staging"
    exec {held}<"$staging"
    flock -n "$held"
}

open_staging() {
    mkdir -p "$shelf" 2>/dev/null || {
        complain "cannot make the folder $shelf"
        return
    }
    locked make_staging "$1"
}

# Removes the folder if it did not become an entry.
discard_staging() {
    [ -z "$staging" ] || remove_folder "$staging"
    forget_staging
}

forget_staging() {
    staging=
    [ -z "$held" ] || exec {held}<&-
    held=
}

# remove_target NAME TARGET: removes where the entry's link led. A link that somebody else has made may lead
# to what is not the shelf's, which stays.
remove_target() {
    [[ $2 != ".$1."?????? || $2 == */* ]] || remove_folder "$shelf/$2"
}

put_in_place() {
    local name=$1 old
    old=$(readlink "$shelf/$name")
    if ! { ln -s "${staging##*/}" "$shelf/.link.$$" && mv -T "$shelf/.link.$$" "$shelf/$name"; } 2>/dev/null; then
        rm -f "$shelf/.link.$$"
        complain "cannot make $shelf/$name"
        return
    fi
    forget_staging
    remove_target "$name" "$old"
}

take_away() {
    local target
    target=$(readlink "$shelf/$1") || {
        remove_folder "${shelf:?}/$1"
        return
    }
    rm -f "${shelf:?}/$1"
    remove_target "$1" "$target"
}

# The first of the paths below the folder that is there.
first_of() {
    local folder=$1 pattern path
    shift
    for pattern in "$@"; do
        # shellcheck disable=SC2086
        for path in "$folder"/$pattern; do
            [ -e "$path" ] || continue
            echo "${path#"$folder"/}"
            return
        done
    done
    return 1
}

# Where libraries are, the folder with most of them first; not such as are for some processors only.
library_folders() {
    (cd "$1" && find . -path '*/glibc-hwcaps' -prune -o -path './usr/libexec' -prune -o \
        -name 'lib*.so.*' -printf '%h\n') | sed 's,^\./,,' | sort | uniq -c | sort -s -k 1,1rn | sed 's/^ *[0-9]* //'
}

# Finds the loader's file. The link in /lib64 is no help: it leads to the place of an installed loader.
find_loader() {
    local path
    for path in "$1"/{*/*/*,*/*,*}/ld-linux*.so.*; do
        if [ -f "$path" ] && [[ $(readlink "$path") != /* ]]; then
            echo "${path#"$1"/}"
            return
        fi
    done
    return 1
}

program_places=({usr/,usr/local/,}bin/qemu-system-x86_64 {usr/,}libexec/qemu-{system-x86_64,kvm} usr/bin/qemu-kvm)
module_places=({usr/,usr/local/,}{lib/*,lib64,lib}/{qemu,qemu-kvm}/*.so)
firmware_places=({usr/,usr/local/,}share/{qemu,qemu-kvm,seabios,seavgabios,ipxe/qemu,qemu-firmware} usr/lib/ipxe/qemu)

# Finds the parts of the QEMU, and sets the variables from which entry and wrapper are written.
explore() {
    local place
    program=$(first_of "$staging" "${program_places[@]}") || return
    loader=$(find_loader "$staging") || loader=
    mapfile -t libraries < <(library_folders "$staging")
    modules=$(first_of "$staging" "${module_places[@]}") || modules=
    modules=${modules%/*}
    firmware=()
    for place in "${firmware_places[@]}"; do
        [ ! -d "$staging/$place" ] || firmware+=("$place")
    done
    # Without a folder of its own, the QEMU would find modules of the installed QEMU.
    [ -n "$modules" ] || [ "${#libraries[@]}" -eq 0 ] || modules=${libraries[0]}/qemu
    if [ -z "$loader" ] && [ "${#libraries[@]}" -gt 0 ]; then
        loader=$(readlink -f "/lib64/$(first_of /lib64 'ld-linux*.so.*')")
    fi
}

# A path as the wrapper has it. Absolute paths are the host's; others start at the entry's folder.
written() {
    case $1 in
    /*) printf '"%s"' "$1" ;;
    *) printf '"%s/%s"' "\$here" "$1" ;;
    esac
}

# A QEMU is started thousands of times, so the wrapper starts no other process.
write_wrapper() {
    local place path=''
    cat <<'END'
#!/bin/sh
# A QEMU of migtest's shelf. Its process and descriptors are this script's.
case $0 in
*/*) here=${0%/*} ;;
*) here=. ;;
esac
[ ! -L "$0" ] || here=$(dirname "$(readlink -f "$0")")
END
    [ -z "$modules" ] || printf 'export QEMU_MODULE_DIR=%s\n' "$(written "$modules")"
    printf exec
    if [ -n "$loader" ]; then
        for place in "${libraries[@]}"; do
            path=$path${path:+:}\$here/$place
        done
        printf ' %s --library-path "%s"' "$(written "$loader")" "$path"
    fi
    printf ' %s' "$(written "$program")"
    for place in "${firmware[@]}"; do
        printf ' \\\n    -L %s' "$(written "$place")"
    done
    printf ' "%s"\n' "\$@"
}

# Prints the libraries that the loader uses for the program, if they belong to the entry.
needed_libraries() {
    local folder file path=''
    for folder in "${libraries[@]}"; do
        path=$path${path:+:}$staging/$folder
    done
    (cd "$staging" && "${loader}" --library-path "$path" --list "$program") 2>/dev/null |
        sed -nE 's,^.* => (/.*) \(0x[0-9a-f]+\)$,\1,p' |
        while IFS= read -r file; do
            [[ $file != "$staging"/* ]] || printf 'library=%s\n' "${file#"$staging"/}"
        done
}

# Starts the QEMU and lets it answer over QMP, which shows that it can run. Its input stays open until it
# has ended, since some versions drop unread commands when the input is closed.
greet() {
    local talk input=$staging/qmp
    mkfifo "$input" && exec {talk}<>"$input" || return
    printf '{"execute": "%s"}\n' qmp_capabilities query-target quit >&"$talk"
    run_logged timeout 60 "$staging/qemu-system-x86_64" -no-user-config -nodefaults -display none \
        -machine none -qmp stdio
    exec {talk}<&-
    rm -f "$input"
}

version_of() {
    tr -d '\r\n' <"$log_file" | sed -nE 's/.*"QMP": *\{"version": *\{"qemu": *\{([^}]*)\}.*/\1/p' |
        awk -F '[:,] *' '{ for (i = 1; i < NF; i += 2) { gsub(/[" ]/, "", $i); number[$i] = $(i + 1) }
            printf "%d.%d.%d", number["major"], number["minor"], number["micro"] }'
}

target_of() {
    sed -nE 's/.*"arch": *"([^"]*)".*/\1/p' "$log_file"
}

describe_entry() {
    printf '%s\n' "$@" || return
    [ -z "$modules" ] || printf 'modules=%s\n' "$modules" || return
    [ -n "$loader" ] || return 0
    printf '%s\n' "loader=$loader" "library_path=$(printf '%s:' "${libraries[@]}")" || return
    needed_libraries
}

# finish_entry NAME WHAT [LINE...]: makes an entry of the QEMU in $staging, if it starts. The lines go to the
# file "entry".
finish_entry() {
    local name=$1 what=$2 words program loader modules version libraries=() firmware=()
    shift 2
    explore || {
        refuse "$what holds no QEMU for x86_64; expected a program qemu-system-x86_64 or qemu-kvm"
        return
    }
    if ! { write_wrapper >"$staging/qemu-system-x86_64" && chmod 755 "$staging/qemu-system-x86_64"; } 2>/dev/null; then
        complain "cannot write to $shelf"
        return
    fi
    greet
    version=$(version_of)
    [ -n "$version" ] || {
        words=$(last_words)
        refuse "the QEMU of $what does not start here: ${words//"$staging"/"$shelf/$name"}"
        return
    }
    [ "$(target_of)" = x86_64 ] || {
        refuse "$what is a QEMU for $(target_of), expected x86_64"
        return
    }
    if ! describe_entry "name=$name" "version=$version" "program=$program" "$@" 2>/dev/null >"$staging/entry"; then
        complain "cannot write to $shelf"
        return
    fi
    # A cache needs no set-user-ID programs.
    find "$staging" -perm /6000 -exec chmod ug-s {} +
    locked put_in_place "$name" &&
        printf '%s: QEMU %s, %s\n' "$name" "$version" "$shelf/$name/qemu-system-x86_64"
}
