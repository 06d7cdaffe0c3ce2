#!/usr/bin/env bash
# The house's laws, each with its own line when it is broken.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=0
step() {
    local name=$1
    shift
    if output=$("$@" 2>&1); then
        printf 'lint: %-14s ok\n' "$name"
    else
        printf '%s\nlint: %-14s FAILED\n' "$output" "$name"
        failed=1
    fi
}
export DJANGO_SETTINGS_MODULE=tests.settings NO_MKDOCS_2_WARNING=1
step ruff "$bin/ruff" check .
step format "$bin/ruff" format --check src tests scripts benchmarks
step types "$bin/mypy"
step imports "$bin/lint-imports" --no-cache
step migrations "$bin/python" -m django makemigrations --check --dry-run
step messages "$bin/python" scripts/messages.py check
step api-docs "$bin/python" scripts/api_reference.py --check
step lock scripts/check_lock.sh
step frontend scripts/check_frontend.sh
step docs "$bin/mkdocs" build --strict --quiet --site-dir "$(mktemp -d)"
exit $failed
