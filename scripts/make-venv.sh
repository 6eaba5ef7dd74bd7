#!/bin/sh
# Make a virtual environment: make-venv.sh PYTHON FOLDER. An existing one in order is kept.
set -eu
python=$1
venv=$2

if [ -x "$venv/bin/python" ] && "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    exit 0
fi
if ! command -v "$python" >/dev/null 2>&1; then
    echo "aerialseg needs Python 3.10 or newer, and $python is not here." \
        "Install python3, or name one: make PYTHON=/path/to/python3" >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))'; then
    echo "aerialseg needs Python 3.10 or newer; $python is $("$python" -V 2>&1)." \
        "Name another: make PYTHON=/path/to/python3" >&2
    exit 1
fi

make_venv() {
    rm -rf "$venv"
    "$python" -m venv "$venv" >"$log" 2>&1 && "$venv/bin/python" -m pip --version >/dev/null 2>&1
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
if make_venv; then
    exit 0
fi
# Debian and Ubuntu keep a part of venv in a package of its own.
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing python3-venv ..."
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
    if make_venv; then
        exit 0
    fi
fi
rm -rf "$venv"
cat "$log" >&2
echo "$python cannot make a virtual environment. On Debian and Ubuntu: sudo apt-get install python3-venv" >&2
exit 1
