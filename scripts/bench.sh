#!/usr/bin/env bash
# Every benchmark, or those named: scripts/bench.sh [peerreview|standings|demo ...], as in benchmarks/
set -euo pipefail
cd "$(dirname "$0")/.."
printf 'machine: %s cores, %s, load %s\n' "$(nproc 2>/dev/null || echo '?')" "$(uname -sm)" \
    "$(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || echo '?')"
all="peerreview peerreview_assignment peerreview_scale peerreview_randomised peerreview_consensus
peerreview_selection peerreview_screening driving_roads driving_world driving_vehicle driving_agents
driving_gym driving_closed_loop driving_sensors driving_dora evaluation_overhead evaluation_ray
evaluation_queue standings leaderboards register demo season_verify criteria_check vote_recount"
# On a PostgreSQL server of their own: people by thousands, a deadline, a killed server.
served="platform_load platform_rush platform_kill"
postgres() {
    [ -n "${CONCOURS_TEST_PGHOST:-}" ] && return
    folder=$(mktemp -d -t concours-postgres-XXXXXX)
    trap 'scripts/setup_postgres.sh stop "$folder"; rm -rf "$folder"' EXIT
    scripts/setup_postgres.sh start "$folder"
    export CONCOURS_TEST_PGHOST=$folder
}
for name in "${@:-$all $served}"; do
    for one in $name; do
        case " $served " in *" $one "*) postgres ;; esac
        PYTHONPATH=. .venv/bin/python "benchmarks/$one.py"
    done
done
