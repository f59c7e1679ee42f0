#!/bin/sh
# Installs EdgeRad from this folder: no network, no pip on the machine, no root needed.
# Usage: sh install.sh [FOLDER [COMMANDS]]
# FOLDER is /opt/edgerad for root, else ~/.local/share/edgerad; the command is linked in COMMANDS, /usr/local/bin or
# ~/.local/bin.
# Run again, it goes on where it was cut off. From a newer stick it updates: a backup first, the new release beside the
# old one, a trial start; where that fails, the old release and the backup are put back.
set -eu
umask 022 # any user may start the program; `edgerad update` comes with a stricter one, for data

stick=$(cd "$(dirname "$0")" && pwd)
release=$(cat "$stick/RELEASE")
if [ "$(id -u)" -eq 0 ]; then
    folder=${1:-/opt/edgerad}
    usual=/usr/local/bin
else
    folder=${1:-$HOME/.local/share/edgerad}
    usual=$HOME/.local/bin
fi
whole() { # PATH
    case $1 in /*) echo "$1" ;; *) echo "$PWD/$1" ;; esac
}
folder=$(whole "$folder")
commands=$(whole "${2:-$(cat "$folder/commands" 2>/dev/null || echo "$usual")}")
place=$folder/$release
log=$folder/install.log
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
    echo "$*" >&2
    exit 1
}

# The wheels are for these versions of Python and this kind of machine alone.
find_python() {
    for version in $(cat "$stick/PYTHONS"); do
        command -v "python$version" && return
    done
    return 0
}

# Where this machine has none of them: Debian's own, from the stick. What is there already is whole, and may be in use.
brought=$(ls "$stick"/python-*.tar.gz 2>/dev/null || true)
bring_python() { # FOLDER
    if [ ! -d "$1" ]; then
        rm -rf "$1.new"
        mkdir -p "$1.new"
        tar -xzf "$brought" -C "$1.new"
        sync -f "$1.new"
        mv "$1.new" "$1"
    fi
    ls "$1"/usr/bin/python3.*
}

# A wheel that nobody signed for would be found like the others.
unlisted() {
    cut -c 67- SHA256SUMS >"$scratch/listed"
    find . ! -type d ! -path '*/.*' | cut -c 3- | grep -Fxv -e SHA256SUMS -e SHA256SUMS.sig | grep -Fxvf "$scratch/listed"
}

key_code() { # KEY
    sha256sum "$1" | cut -c 1-32 | sed 's/..../& /g; s/ $//'
}

# By this machine's own openssl where it has one. Else by what the stick, whose sums are right, has.
signed_with() { # KEY
    if command -v openssl >/dev/null 2>&1; then
        openssl pkeyutl -verify -pubin -inkey "$1" -rawin -in "$stick/SHA256SUMS" -sigfile "$stick/SHA256SUMS.sig" \
            >/dev/null 2>&1
        return
    fi
    with=${python:-$(bring_python "$scratch/python")}
    for wheel in "$stick"/wheels/cryptography-*.whl "$stick"/wheels/cffi-*.whl; do
        "$with" -m zipfile -e "$wheel" "$scratch/packages"
    done
    PYTHONPATH=$scratch/packages "$with" -P - "$1" "$stick/SHA256SUMS" "$stick/SHA256SUMS.sig" <<'PROGRAM' 2>/dev/null
import pathlib, sys
from cryptography.hazmat.primitives.serialization import load_pem_public_key
key, sums, signature = (pathlib.Path(name).read_bytes() for name in sys.argv[1:])
load_pem_public_key(key).verify(signature, sums)
PROGRAM
}

check_stick() {
    for file in SHA256SUMS.sig release.pub; do
        [ -f "$stick/$file" ] || fail "The stick is not signed: $file is missing. Nothing was changed."
    done
    (cd "$stick" && sha256sum --check --quiet --strict SHA256SUMS) ||
        fail "The stick is damaged: copy the bundle to it anew. Nothing was changed."
    if more=$(cd "$stick" && unlisted); then
        fail "On the stick is what does not belong there; it may be forged. Nothing was changed.
$more"
    fi
    if [ ! -e "$folder/release.pub" ]; then
        signed_with "$stick/release.pub" ||
            fail "The signature of the stick is wrong: it is forged, or damaged. Nothing was changed."
        return
    fi
    signed_with "$folder/release.pub" || fail "This stick is not signed with the key of what is installed.
Installed: $(key_code "$folder/release.pub")
The stick: $(key_code "$stick/release.pub")
Do not use it. If whoever made it has a new key, ask them for its code; if it is that of the stick:
rm $folder/release.pub, and run this again. Nothing was changed."
}

install() { # PACKAGES
    "$place/bin/python" -P "$(ls "$stick"/wheels/pip-*.whl)/pip" install --no-index --no-deps --no-cache-dir --quiet \
        --disable-pip-version-check --find-links "$stick/wheels" "$@" >>"$log" 2>&1
}

# For NVIDIA cards with all that it loads, each by its hash; else whichever build for a CPU the stick has.
install_torch() {
    if [ -e "$stick/requirements-cuda.lock" ]; then
        [ -e /proc/driver/nvidia/version ] ||
            echo "        The stick is for NVIDIA cards, and no driver for one runs here: EdgeRad will compute on the CPU"
        install --require-hashes -r "$stick/requirements-cuda.lock"
    else
        install -r "$stick/requirements-torch.lock"
    fi
}

# It makes answers on a CPU come sooner, and nothing else needs it.
install_llama() {
    [ -e "$stick/requirements-llama.lock" ] || return 0
    install --require-hashes -r "$stick/requirements-llama.lock" ||
        echo "        llama.cpp does not fit this system and is left out; why stands in $log"
}

machine=$(uname -m)
[ "$machine" = "$(cat "$stick/MACHINE")" ] ||
    fail "This stick is for $(cat "$stick/MACHINE") machines, and this one is $machine. Nothing was changed."
python=$(find_python)
[ -n "$python$brought" ] || fail "This stick is for Python $(tr '\n' ' ' <"$stick/PYTHONS")and none of these is on this machine.
Debian 12 has 3.11, Ubuntu 24.04 has 3.12, Debian 13 has 3.13. Nothing was changed."

# Also where nothing is left to install: what RELEASE names is run.
echo "1 of 3  Checking the stick: $(wc -l <"$stick/SHA256SUMS") files"
check_stick
echo "        signed with the key $(key_code "$stick/release.pub"): is that what the card says?"

if [ -e "$place/complete" ]; then
    echo "2 of 3  EdgeRad $release is installed in $place."
else
    mkdir -p "$folder" || fail "This user may not write there: name another folder, or run this as root."
    cp "$stick/release.pub" "$folder/release.pub.new"
    mv "$folder/release.pub.new" "$folder/release.pub"
    if [ -z "$python" ]; then
        python=$(bring_python "$folder/$(basename "$brought" .tar.gz)")
    fi
    echo "2 of 3  Installing with $("$python" --version) to $place: some minutes"
    rm -rf "$place"
    # without pip: Debian keeps that in a package of its own, and the stick has one
    "$python" -m venv --without-pip "$place"
    rm -f "$log"
    (umask 077 && : >"$log") # a start may say an invite
    { install --require-hashes -r "$stick/requirements.lock" && install_torch && install "$stick"/wheels/edgerad-*.whl; } ||
        fail "Installing failed; the words are in $log. Running this again goes on."
    install_llama
    for model in "$stick"/models/*/; do
        [ -d "$model" ] || continue
        echo "        $(basename "$model") is on the stick. Add it, now or later: edgerad model add $model"
    done
    sync -f "$place"
    touch "$place/complete"
fi

old=$(readlink "$folder/current" 2>/dev/null || true)

# In one step: a power cut leaves what was linked before, or this.
link() { # TARGET NAME
    ln -sfn "$1" "$2.new"
    mv -T "$2.new" "$2"
}

# The new release opens the data, brings them up to date and answers, with no phone near; and its doctor finds no fault
# where the old one's found none. Else all is as before: also if it is not up in TRIAL_S seconds, since a part that ends
# is started again for ever.
try_new() {
    (
        export EDGERAD_GATEWAY_HOST=127.0.0.1
        timeout "${TRIAL_S:-1800}" "$place/bin/edgerad" up --detach >>"$log" 2>&1 &&
            "$place/bin/edgerad" status >>"$log" 2>&1 &&
            { [ ! -e "$kept.well" ] || "$place/bin/edgerad" doctor >>"$log" 2>&1; }
    )
}

# Fresh from the old release; cut off before, the data may be the new one's already, and the first backup holds. Not
# that of an update that went well: what came since is not in it.
keep_data() {
    if words=$("$folder/$old/bin/edgerad" backup --force "$kept.new.tar" 2>&1); then
        rm -f "$kept.done"
        mv "$kept.new.tar" "$kept"
        note_health
        return
    fi
    case $words in
        *"nothing to back up"*) note_health && return ;;
        *"newer release"*)
            [ ! -e "$kept.done" ] || words="$words
These data are of $release, which ran here. To go on with it: ln -sfn $release $folder/current"
            [ ! -e "$kept" ] || [ -e "$kept.done" ] || return 0
            ;;
        *"restore --finish"*)
            "$folder/$old/bin/edgerad" restore --finish >>"$log" 2>&1 && keep_data && return
            ;;
    esac
    fail "$words
No backup could be made, so nothing was changed."
}

note_health() {
    rm -f "$kept.well"
    if "$folder/$old/bin/edgerad" doctor >>"$log" 2>&1; then touch "$kept.well"; fi
}

go_back() {
    "$place/bin/edgerad" stop >>"$log" 2>&1 || true
    if [ -e "$kept" ] && [ ! -e "$kept.done" ]; then
        "$folder/$old/bin/edgerad" restore --force "$kept" >>"$log" 2>&1 ||
            fail "The old release is $folder/$old, and the data are in $kept: edgerad restore --force $kept"
    fi
    link "$old" "$folder/current"
    fail "The new release does not run here; the words are in $log. The old one is in place, with its data."
}

if [ -n "$old" ] && [ "$old" != "$release" ]; then
    echo "3 of 3  Updating from $old"
    kept=$folder/before-$release.tar
    "$folder/$old/bin/edgerad" stop || fail "Stop EdgeRad first. Nothing was changed."
    keep_data
    try_new || go_back
    "$place/bin/edgerad" stop >>"$log" 2>&1
    link "$release" "$folder/current"
    touch "$kept.done"
    echo "        the old release stays in $folder/$old, and the data as they were in $kept"
    echo "        once all is well: rm -r $folder/$old $kept*"
else
    echo "3 of 3  Making edgerad a command"
    link "$release" "$folder/current"
fi
{ mkdir -p "$commands" && link "$folder/current/bin/edgerad" "$commands/edgerad"; } ||
    fail "No link could be made in $commands. The command is $folder/current/bin/edgerad"
echo "$commands" >"$folder/commands"
sync -f "$folder"
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
