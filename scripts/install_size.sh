#!/usr/bin/env bash
# How large an installation is: the base, then with each extra named: scripts/install_size.sh driving
# Fresh environments in a temporary folder, packages as the registry has them today, no bytecode.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=$(command -v uv || echo .venv/bin/uv)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
printf '%-12s %6s\n' install MB
for extra in "" "$@"; do
    "$uv" venv --quiet "$place/${extra:-base}"
    VIRTUAL_ENV="$place/${extra:-base}" "$uv" pip install --quiet --link-mode copy ".${extra:+[$extra]}"
    bytes=$(du -sb "$place/${extra:-base}/lib" | cut -f1)
    printf '%-12s %6d\n' "${extra:-base}" $((bytes / 1000000))
done
