#!/usr/bin/env bash
# The tests on SQLite, without the slow ones (tests/slow.txt) and with fewer examples of each property.
# With CONCOURS_CI=1 all of them, the gate of coverage, and the suite on PostgreSQL; what it tells of
# durations is what scripts/slow_tests.py reads.
set -euo pipefail
cd "$(dirname "$0")/.."
workers=${CONCOURS_TEST_WORKERS:-$(nproc 2>/dev/null || echo 2)}
# Compiled once here, instead of by each worker at the same time; kept beside the sources.
warm() {
    echo "== compiling the engines' loops"
    .venv/bin/python -m tests.warm driving &
    .venv/bin/python -m tests.warm peerreview
    wait
}
suite() { nice -n "${behind:-0}" .venv/bin/pytest -n "$workers" --dist loadgroup "$@"; }

if [ $# -gt 0 ]; then
    suite "$@"
    exit
fi
warm
if [ "${CONCOURS_CI:-0}" != 1 ]; then
    suite -m "not slow"
    exit
fi

rm -f .coverage .coverage.*
# The browser drives a server in a process of its own, which coverage here does not see.
# What fails is told at the end, after all that is to be told.
failed=0
suite -m "not browser" --cov --cov-report= --durations 0 --durations-min 0.5 || failed=1
.venv/bin/coverage report --skip-covered --skip-empty --fail-under "${CONCOURS_COVERAGE:-92}" | tail -n 40 || failed=1
echo "== in a browser, and beside it once more on PostgreSQL"
folder=$(mktemp -d -t concours-postgres-XXXXXX)
trap 'scripts/setup_postgres.sh stop "$folder"; rm -rf "$folder"' EXIT
scripts/setup_postgres.sh start "$folder"
# The browser's tests share one server, so that one worker runs them all, and goes before the others.
suite -n 1 -m browser --durations 0 --durations-min 0.5 >"$folder/browser.log" 2>&1 &
browser=$!
behind=5 CONCOURS_TEST_DATABASE=postgresql CONCOURS_TEST_PGHOST=$folder \
    suite -m "not browser and not sqlite" --durations 0 --durations-min 0.5 \
    tests/platform tests/acceptance || failed=1
wait "$browser" || failed=1
cat "$folder/browser.log"
exit "$failed"
