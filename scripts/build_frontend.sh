#!/bin/sh
# Builds the styles and scripts of the pages. Usage: build_frontend.sh [output folder]
set -eu
cd "$(dirname "$0")/../frontend"
if ! command -v npm >/dev/null 2>&1; then
    echo "build_frontend: node and npm are needed (Node 20.19 or newer)" >&2
    exit 1
fi
npm ci --silent --no-progress
if [ $# -gt 0 ]; then
    npm run --silent build -- --logLevel warn --outDir "$1"
else
    npm run --silent build -- --logLevel warn
fi
