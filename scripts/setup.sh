#!/usr/bin/env bash
# Make .venv with what the lock file names: "run" for the application, "test" for all of it.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:-run}

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

python=${PYTHON:-}
if [ -z "$python" ]; then
    for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            python=$(command -v "$candidate")
            break
        fi
    done
fi
[ -n "$python" ] || fail "Python 3.11 or newer is needed; install it, or name it with PYTHON=/path/to/python make ..."

# An environment of another machine, or of a Python that has gone, is made anew.
if [ -d .venv ] && ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    rm -rf .venv
fi
uv=$(command -v uv || true)
if [ -z "$uv" ]; then
    uv=.venv/bin/uv
    if [ ! -x "$uv" ]; then
        say "putting uv into .venv"
        "$python" -m venv .venv 2>/dev/null || {
            rm -rf .venv
            fail "python's venv module is missing; on Debian and Ubuntu run: sudo apt-get install -y python3-venv"
        }
        .venv/bin/python -m pip install --quiet --disable-pip-version-check "uv>=0.8,<1" ||
            fail "uv could not be fetched with pip; check the network and the settings of pip"
    fi
fi
# uv makes the environment anew when another path to the same Python is asked for, itself included.
[ -x .venv/bin/python ] && python=.venv/bin/python

export UV_PYTHON_DOWNLOADS=never
say "installing what uv.lock names ($kind)"
# --inexact keeps uv itself, which pip put there.
if [ "$kind" = run ]; then
    "$uv" sync --quiet --frozen --inexact --python "$python" --no-default-groups --extra platform --extra reports --extra driving
else
    "$uv" sync --quiet --frozen --inexact --python "$python" --all-extras --all-groups
fi
