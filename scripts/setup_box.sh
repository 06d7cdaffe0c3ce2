#!/usr/bin/env bash
# What shuts strangers' programs in: bubblewrap for all, podman and a static busybox for the tests
# of images, and what verifies signatures. Installed where apt can; without them programs are refused, and their tests say so.
set -euo pipefail
kind=${1:-run}
[ "$(uname -s)" = Linux ] || exit 0

missing=()
command -v bwrap >/dev/null 2>&1 || missing+=(bubblewrap)
command -v setpriv >/dev/null 2>&1 || missing+=(util-linux)
ldconfig -p 2>/dev/null | grep -q libseccomp.so.2 || missing+=(libseccomp2)
if [ "$kind" = test ]; then
    command -v podman >/dev/null 2>&1 || missing+=(podman uidmap)
    # Which runtime works depends on how control groups are mounted: crun refuses a mixture.
    command -v crun >/dev/null 2>&1 || missing+=(crun)
    command -v runc >/dev/null 2>&1 || missing+=(runc)
    command -v busybox >/dev/null 2>&1 || missing+=(busybox-static)
    command -v gpg >/dev/null 2>&1 || missing+=(gnupg)
    command -v ssh-keygen >/dev/null 2>&1 || missing+=(openssh-client)
fi
[ ${#missing[@]} -eq 0 ] && exit 0

sudo=""
[ "$(id -u)" = 0 ] || sudo="sudo -n"
if ! command -v apt-get >/dev/null 2>&1 || { [ -n "$sudo" ] && ! $sudo true 2>/dev/null; }; then
    echo "setup: strangers' programs are not run without these; install: ${missing[*]}" >&2
    exit 0
fi
echo "setup: installing ${missing[*]} with apt" >&2
export DEBIAN_FRONTEND=noninteractive
{ $sudo apt-get -qq update && $sudo apt-get -qq install -y --no-install-recommends "${missing[@]}"; } \
    >/dev/null || echo "setup: apt could not install ${missing[*]}; see concours doctor" >&2
