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
    --source | --destination) _migtest_fill -c -f -- "$word" ;;
    --shuffle) _migtest_fill -W random -- "$word" ;;
    *)
        if [[ $word == -* ]]; then
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
