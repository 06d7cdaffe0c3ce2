#!/usr/bin/env bash
# The lock file says what pyproject.toml asks for.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=$(command -v uv || echo .venv/bin/uv)
UV_PYTHON_DOWNLOADS=never "$uv" lock --check --quiet || {
    echo "uv.lock is behind pyproject.toml: run uv lock"
    exit 1
}
