#!/usr/bin/env bash
# Every test on SQLite with coverage; on PostgreSQL as well where CONCOURS_TEST_POSTGRES=1.
set -euo pipefail
cd "$(dirname "$0")/.."
workers=${CONCOURS_TEST_WORKERS:-$(nproc 2>/dev/null || echo 2)}
rm -f .coverage .coverage.*
# PIP_FIND_LINKS and the like must not reach packages under test.
.venv/bin/pytest -n "$workers" --dist loadgroup --cov --cov-report= --no-cov-on-fail "$@"
if [ $# -eq 0 ]; then
    .venv/bin/coverage report --skip-covered --skip-empty --fail-under "${CONCOURS_COVERAGE:-85}" | tail -n 25
fi

if [ "${CONCOURS_TEST_POSTGRES:-0}" = 1 ]; then
    folder=$(mktemp -d -t concours-postgres-XXXXXX)
    trap 'scripts/setup_postgres.sh stop "$folder"; rm -rf "$folder"' EXIT
    scripts/setup_postgres.sh start "$folder"
    echo "== once more on PostgreSQL"
    CONCOURS_TEST_DATABASE=postgresql CONCOURS_TEST_PGHOST="$folder" \
        .venv/bin/pytest -n "$workers" --dist loadgroup -m "not browser" tests/platform tests/cli tests/acceptance "$@"
fi
