#!/bin/sh
# Makes .venv in the checkout and installs what lock files pin: wheels alone, each checked by its hash.
# Usage: sh deploy/install.sh requirements.lock [requirements-dev.lock ...]
# Knows Python, venv and pip. PYTHON=/path/to/python names the interpreter to use.
set -eu

locks=$*
torch=requirements-torch.lock
venv=.venv
log=$venv/install.log

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.14 python}; do
        if new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    cat >&2 <<'WORDS'
EdgeRad needs Python 3.11 or newer, and none was found.
  Debian, Ubuntu:  sudo apt install python3 python3-venv
  Fedora:          sudo dnf install python3
  macOS:           brew install python
If it is installed under another name:  make run PYTHON=/path/to/python3
WORDS
    return 1
}

make_venv() {
    python=$(find_python)
    echo "Making $venv with $("$python" --version) ($python)"
    "$python" -m venv --clear "$venv" >/dev/null 2>&1 || {
        rm -rf "$venv"
        echo "Python's venv module does not work here. Debian, Ubuntu: sudo apt install python3-venv" >&2
        return 1
    }
}

# One short line a package instead of pip's paragraphs; big downloads say their size.
progress() {
    total=$1
    seen=0
    while read -r first second rest; do
        case $first in
            Collecting | Processing)
                seen=$((seen + 1))
                package=${second##*/}
                [ "$seen" -gt "$total" ] || echo "  [$seen/$total] ${package%%-[cp][py][0-9]*}" ;;
            Requirement)
                seen=$((seen + 1)) ;;
            Downloading)
                case $rest in *GB* | *[0-9][0-9].[0-9]\ MB*) echo "        downloading $second $rest" ;; esac ;;
            Installing)
                echo "  unpacking ..." ;;
            ERROR:)
                echo "  $first $second $rest" ;;
        esac
    done
}

install() {
    PYTHONUNBUFFERED=1 "$venv/bin/python" -m pip install --disable-pip-version-check \
        --no-input --progress-bar off "$@"
}

run_logged() {
    total=$1
    shift
    { install "$@" 2>&1 || touch "$venv/failed"; } | tee -a "$log" | progress "$total"
    if [ -e "$venv/failed" ]; then
        rm "$venv/failed"
        echo "Installing failed; all of pip's words are in $log. Running the same command again goes on." >&2
        return 1
    fi
}

# `edgerad` is then a command wherever one stands. Another installation's link is left alone.
link_command() {
    command=$PWD/$venv/bin/edgerad
    folder=$HOME/.local/bin
    [ "$(id -u)" -ne 0 ] || folder=/usr/local/bin
    if [ -e "$folder/edgerad" ] && [ "$(readlink -f "$folder/edgerad")" != "$(readlink -f "$command")" ]; then
        echo "edgerad: $folder/edgerad is another installation's. This one's is $command"
        return
    fi
    mkdir -p "$folder" 2>/dev/null && ln -sfn "$command" "$folder/edgerad" 2>/dev/null || {
        echo "edgerad: no link could be made in $folder. The command is $command"
        return
    }
    case :$PATH: in
        *:"$folder":*) ;;
        *) echo "edgerad: log in again to have the command, or: export PATH=\"$folder:\$PATH\"" ;;
    esac
}

new_enough "$venv/bin/python" || make_venv
: >"$log"
echo "Installing the versions pinned in $locks: a few minutes and 2 GB of disk"
echo "(some GB and minutes more where pip chooses PyTorch with CUDA)"
for lock in $locks; do
    run_logged "$(grep -c == "$lock")" --require-hashes --no-deps --only-binary :all: -r "$lock"
done
run_logged 1 -r "$torch" # without hashes: its builds for a CPU are not in the index of the others
run_logged 1 --no-deps --no-build-isolation --editable .
"$venv/bin/python" -m pip check --disable-pip-version-check || {
    echo "The lock files do not have all that this machine needs." >&2
    exit 1
}
link_command
echo "Installed."
