#!/usr/bin/env bash
# A PostgreSQL server of the test suite's own, on a socket in a folder: start FOLDER | stop FOLDER.
# Installs the server with apt where there is none. As root it runs under the user postgres.
set -euo pipefail
action=${1:?start or stop}
folder=${2:?the folder that holds the server}

find_bin() {
    local found
    for found in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -Vr) /usr/local/bin /usr/bin \
        /opt/homebrew/bin; do
        [ -x "$found/initdb" ] && [ -x "$found/postgres" ] && { echo "$found"; return; }
    done
    return 1
}

as_owner() {
    if [ "$(id -u)" = 0 ]; then
        runuser -u postgres -- "$@"
    else
        "$@"
    fi
}

if ! bin=$(find_bin); then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "setup: installing postgresql with apt" >&2
        export DEBIAN_FRONTEND=noninteractive
        apt-get -qq update >/dev/null && apt-get -qq install -y postgresql >/dev/null
        bin=$(find_bin)
    else
        echo "setup: PostgreSQL is needed; run: sudo apt-get install -y postgresql" >&2
        exit 1
    fi
fi

case $action in
start)
    mkdir -p "$folder"
    chmod 755 "$folder"
    [ "$(id -u)" = 0 ] && chown postgres "$folder"
    [ -d "$folder/data" ] || as_owner "$bin/initdb" -D "$folder/data" -U concours -A trust -E UTF8 \
        --locale=C.UTF-8 >"$folder/initdb.log"
    as_owner "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/server.log" -o \
        "-c listen_addresses='' -c unix_socket_directories='$folder' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60" \
        start >/dev/null || { tail -5 "$folder/server.log" >&2; exit 1; }
    ;;
stop)
    as_owner "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
    ;;
esac
