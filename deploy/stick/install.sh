#!/bin/sh
# Installs EdgeRad from this folder: no network, no pip on the machine, no root needed.
# Usage: sh install.sh [FOLDER [COMMANDS]]
# FOLDER is /opt/edgerad for root, else ~/.local/share/edgerad; the command is linked in COMMANDS, /usr/local/bin or
# ~/.local/bin.
# Run again, it goes on where it was cut off. From a newer stick it updates: a backup first, the new release beside the
# old one, a trial start; where that fails, the old release and the backup are put back.
set -eu

stick=$(cd "$(dirname "$0")" && pwd)
release=$(cat "$stick/RELEASE")
if [ "$(id -u)" -eq 0 ]; then
    folder=${1:-/opt/edgerad}
    commands=${2:-/usr/local/bin}
else
    folder=${1:-$HOME/.local/share/edgerad}
    commands=${2:-$HOME/.local/bin}
fi
place=$folder/$release
log=$folder/install.log

fail() {
    echo "$*" >&2
    exit 1
}

# The wheels are for these versions of Python and this kind of machine alone.
find_python() {
    for version in $(cat "$stick/PYTHONS"); do
        if command -v "python$version" >/dev/null 2>&1; then
            command -v "python$version"
            return
        fi
    done
    fail "This stick is for Python $(tr '\n' ' ' <"$stick/PYTHONS")and none of these is on this machine.
Debian 12 has 3.11, Ubuntu 24.04 has 3.12, Debian 13 has 3.13. Nothing was changed."
}

machine=$(uname -m)
[ "$machine" = "$(cat "$stick/MACHINE")" ] ||
    fail "This stick is for $(cat "$stick/MACHINE") machines, and this one is $machine. Nothing was changed."
python=$(find_python)

if [ -e "$place/complete" ]; then
    echo "EdgeRad $release is installed in $place."
else
    echo "1 of 3  Checking the stick: $(wc -l <"$stick/SHA256SUMS") files"
    (cd "$stick" && sha256sum --check --quiet --strict SHA256SUMS) ||
        fail "The stick is damaged: copy the bundle to it anew. Nothing was changed."

    echo "2 of 3  Installing with $("$python" --version) to $place: some minutes"
    mkdir -p "$folder" || fail "This user may not write there: name another folder, or run this as root."
    rm -rf "$place"
    # without pip: Debian keeps that in a package of its own, and the stick has one
    "$python" -m venv --without-pip "$place"
    set -- --no-index --no-deps --no-cache-dir --disable-pip-version-check --find-links "$stick/wheels" --quiet
    pip=$(ls "$stick"/wheels/pip-*.whl)
    {
        "$place/bin/python" -P "$pip/pip" install "$@" --require-hashes -r "$stick/requirements.lock" &&
            "$place/bin/python" -P "$pip/pip" install "$@" -r "$stick/requirements-torch.lock" &&
            "$place/bin/python" -P "$pip/pip" install "$@" "$stick"/wheels/edgerad-*.whl
    } >"$log" 2>&1 || fail "Installing failed; the words are in $log. Running this again goes on."
    for model in "$stick"/models/*/; do
        [ -d "$model" ] || continue
        echo "        $(basename "$model") is on the stick. Add it, now or later: edgerad model add $model"
    done
    touch "$place/complete"
fi

old=$(readlink "$folder/current" 2>/dev/null || true)

switch_to() {
    ln -sfn "$1" "$folder/current"
}

# The new release opens the data, brings them up to date and answers, with no phone near. Else all is as before: also
# if it is not up in TRIAL_S seconds, since a part that ends is started again for ever.
try_new() {
    (
        export EDGERAD_GATEWAY_HOST=127.0.0.1
        timeout "${TRIAL_S:-1800}" "$place/bin/edgerad" up --detach >>"$log" 2>&1 &&
            "$place/bin/edgerad" status >>"$log" 2>&1
    )
}

# Fresh from the old release; cut off before, the data may be the new one's already, and the first backup holds.
keep_data() {
    if words=$("$folder/$old/bin/edgerad" backup --force "$kept.new.tar" 2>&1); then
        mv "$kept.new.tar" "$kept"
        return
    fi
    case $words in
        *"nothing to back up"*) return ;;
        *"newer release"*) [ ! -e "$kept" ] || return 0 ;;
    esac
    fail "$words
No backup could be made, so nothing was changed."
}

go_back() {
    "$place/bin/edgerad" stop >>"$log" 2>&1 || true
    if [ -e "$kept" ]; then
        "$folder/$old/bin/edgerad" restore --force "$kept" >>"$log" 2>&1 ||
            fail "The old release is $folder/$old, and the data are in $kept: edgerad restore --force $kept"
    fi
    switch_to "$old"
    fail "The new release does not run here; the words are in $log. The old one is in place, with its data."
}

if [ -n "$old" ] && [ "$old" != "$release" ]; then
    echo "3 of 3  Updating from $old"
    kept=$folder/before-$release.tar
    "$folder/$old/bin/edgerad" stop || fail "Stop EdgeRad first. Nothing was changed."
    keep_data
    try_new || go_back
    "$place/bin/edgerad" stop >>"$log" 2>&1
    switch_to "$release"
    echo "        the old release stays in $folder/$old, and the data as they were in $kept"
    echo "        once all is well: rm -r $folder/$old $kept"
else
    echo "3 of 3  Making edgerad a command"
    switch_to "$release"
fi
mkdir -p "$commands" && ln -sfn "$folder/current/bin/edgerad" "$commands/edgerad" ||
    fail "No link could be made in $commands. The command is $folder/current/bin/edgerad"
case :$PATH: in
    *:"$commands":*) ;;
    *) echo "        log in again to have it, or: export PATH=\"$commands:\$PATH\"" ;;
esac
cat <<WORDS

Installed. Phones must reach TCP port 8081 of this machine. Start EdgeRad:

    edgerad up              in this terminal, or
    edgerad up --detach     without one

Then: edgerad doctor
WORDS
