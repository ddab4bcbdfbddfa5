# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Completion of migtest for bash. What there is to complete, migtest's own --help says.

_migtest_words() {
    "${COMP_WORDS[0]}" "$@" --help 2>/dev/null
}

_migtest_commands() {
    "${COMP_WORDS[0]}" --help 2>/dev/null | sed -n 's/^  migtest \([a-z]*\) .*/\1/p' | sort -u
}

_migtest_options() {
    _migtest_words "$1" | grep -oE -- '(^|[ ,])--?[a-z][a-z-]*' | tr -d ' ,'
    echo --help
}

# PLUGIN:NAME of every test of the manifest on the command line, or of the built-in one.
_migtest_tests() {
    local word manifest=()
    for word in "${COMP_WORDS[@]:2}"; do
        [[ $word != *.yaml ]] || manifest=("$word")
    done
    "${COMP_WORDS[0]}" list --slow "${manifest[@]}" 2>/dev/null |
        sed -nE 's/^(run|skip|fail|error) +([^ ]+).*/\2/p'
}

# Names of the shelf, from its folder, as listing it would start every QEMU.
_migtest_shelf() {
    local folder=${MIGTEST_SHELF:-${XDG_CACHE_HOME:-$HOME/.cache}/migtest/qemu} name
    for name in "$folder"/*; do
        [ ! -d "$name" ] || echo "${name##*/}"
    done
}

_migtest_qemu() {
    local command=${COMP_WORDS[2]-}
    case $COMP_CWORD:$command in
    2:*) _migtest_fill -W 'fetch add list remove --help' -- "$1" ;;
    *:fetch) _migtest_fill -W "--missing $(_migtest_shelf)" -- "$1" ;;
    *:list) _migtest_fill -W '--json' -- "$1" ;;
    3:add | *:remove) _migtest_fill -W "$(_migtest_shelf)" -- "$1" ;;
    *:add) _migtest_fill -f -- "$1" ;;
    esac
}

_migtest_fill() {
    mapfile -t COMPREPLY < <(compgen "$@")
}

_migtest() {
    local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]-}

    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        _migtest_fill -W "$(_migtest_commands) --help --version" -- "$word"
        return
    fi
    case $previous in
    --color) _migtest_fill -W 'auto always never' -- "$word" ;;
    -t | --test | --skip)
        _migtest_fill -W "$(_migtest_tests)" -- "$word"
        # A colon ends a word of readline's.
        if declare -F __ltrim_colon_completions >/dev/null; then
            __ltrim_colon_completions "$word"
        fi
        ;;
    --results | --plugin-path) _migtest_fill -d -- "$word" ;;
    --source | --destination)
        _migtest_fill -c -f -W "$(_migtest_shelf)" -- "$word"
        ;;
    --shuffle) _migtest_fill -W random -- "$word" ;;
    *)
        if [ "$command" = qemu ]; then
            _migtest_qemu "$word"
        elif [[ $word == -* ]]; then
            _migtest_fill -W "$(_migtest_options "$command")" -- "$word"
        elif [ "$command" = plugin ] && [ "$COMP_CWORD" -eq 2 ]; then
            _migtest_fill -W "$(_migtest_words plugin | grep -oE 'plugin [a-z]+' | cut -d ' ' -f 2 | sort -u)" -- "$word"
        else
            _migtest_fill -f -- "$word"
        fi
        ;;
    esac
}

complete -o filenames -F _migtest migtest
