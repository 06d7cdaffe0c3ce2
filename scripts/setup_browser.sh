#!/usr/bin/env bash
# A Chromium for the browser tests, and a font with Chinese letters. Installed where apt can.
set -euo pipefail
[ -n "${CONCOURS_CHROMIUM:-}" ] && exit 0

missing=()
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 ||
    command -v google-chrome >/dev/null 2>&1 || missing+=(chromium)
if command -v fc-list >/dev/null 2>&1; then
    [ -n "$(fc-list :lang=zh-cn family)" ] || missing+=(fonts-noto-cjk)
else
    missing+=(fontconfig fonts-noto-cjk)
fi
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "setup: install a Chromium browser, or name one with CONCOURS_CHROMIUM=/path/to/chromium" >&2
    exit 1
fi
sudo=""
if [ "$(id -u)" != 0 ]; then
    sudo="sudo -n"
    $sudo true 2>/dev/null || {
        echo "setup: run once: sudo apt-get update && sudo apt-get install -y ${missing[*]}" >&2
        exit 1
    }
fi
echo "setup: installing ${missing[*]} with apt" >&2
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get -qq update >/dev/null
$sudo apt-get -qq install -y --no-install-recommends "${missing[@]}" >/dev/null
