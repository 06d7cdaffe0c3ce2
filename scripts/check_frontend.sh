#!/bin/sh
# Rebuilds the front end into a temporary folder and compares it with the files checked in.
set -eu
here="$(cd "$(dirname "$0")" && pwd)"
kept="$here/../src/concours/platform/web/static/web"
if ! command -v npm >/dev/null 2>&1; then
    echo "check_frontend: node and npm are needed (Node 20.19 or newer)" >&2
    exit 1
fi
fresh="$(mktemp -d)"
trap 'rm -rf "$fresh"' EXIT
"$here/build_frontend.sh" "$fresh/web"
if ! diff -rq "$fresh/web" "$kept" >/dev/null; then
    echo "check_frontend: built files differ from frontend/; run scripts/build_frontend.sh and commit" >&2
    exit 1
fi
