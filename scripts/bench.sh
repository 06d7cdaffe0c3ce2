#!/usr/bin/env bash
# Every benchmark, or those named: scripts/bench.sh [peerreview|standings|demo ...], as in benchmarks/
set -euo pipefail
cd "$(dirname "$0")/.."
printf 'machine: %s cores, %s, load %s\n' "$(nproc 2>/dev/null || echo '?')" "$(uname -sm)" \
    "$(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || echo '?')"
all="peerreview peerreview_assignment peerreview_scale peerreview_randomised peerreview_consensus
peerreview_selection peerreview_screening driving_roads driving_world driving_vehicle driving_agents
driving_gym driving_closed_loop driving_sensors driving_dora evaluation_overhead evaluation_ray
evaluation_queue standings leaderboards demo season_verify"
for name in "${@:-$all}"; do
    for one in $name; do
        PYTHONPATH=. .venv/bin/python "benchmarks/$one.py"
    done
done
