#!/usr/bin/env bash
# Every benchmark, or those named: scripts/bench.sh [peerreview|standings|demo ...]
set -euo pipefail
cd "$(dirname "$0")/.."
printf 'machine: %s cores, %s, load %s\n' "$(nproc 2>/dev/null || echo '?')" "$(uname -sm)" \
    "$(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || echo '?')"
for name in "${@:-peerreview standings demo}"; do
    for one in $name; do
        PYTHONPATH=. .venv/bin/python "benchmarks/$one.py"
    done
done
