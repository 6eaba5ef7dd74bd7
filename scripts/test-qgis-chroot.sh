#!/bin/sh
# Run tests/qgis in the QGIS of another Debian release, in a folder of its own:
#   test-qgis-chroot.sh [FOLDER [SUITE [TESTS…]]]
# As root on Debian or Ubuntu. FOLDER (default: build/chroot-SUITE) is kept and used again; SUITE is forky (QGIS 3.44 on
# Python 3.14) or trixie (QGIS 3.40); TESTS is some of the tests, or what else pytest takes (tests/qgis). The core runs in
# an environment that the plugin itself sets up there.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
suite=${2:-forky}
folder=${1:-$root/build/chroot-$suite}
[ $# -gt 2 ] && shift 2 || set -- tests/qgis

if [ "$(id -u)" != 0 ]; then
    echo "A chroot needs root: sudo sh scripts/test-qgis-chroot.sh" >&2
    exit 1
fi
if ! command -v debootstrap >/dev/null 2>&1; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends debootstrap >/dev/null
fi

scripts=/usr/share/debootstrap/scripts
[ -e "$scripts/$suite" ] || ln -s sid "$scripts/$suite" # an older debootstrap does not know the name yet
if [ ! -x "$folder/usr/bin/apt-get" ]; then
    mkdir -p "$folder"
    check=$([ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || echo --no-check-gpg)
    debootstrap --variant=minbase $check "$suite" "$folder" ||
        debootstrap --no-check-gpg --variant=minbase "$suite" "$folder"
fi
cp /etc/resolv.conf "$folder/etc/resolv.conf"
for conf in /etc/pip.conf /etc/apt/apt.conf.d; do # proxies, mirrors and certificates of this machine hold there too
    [ -e "$conf" ] && mkdir -p "$folder$(dirname "$conf")" && cp -r "$conf" "$folder$(dirname "$conf")/"
done
mkdir -p "$folder/etc/ssl/certs" &&
    cp -rL /etc/ssl/certs/ca-certificates.crt "$folder/etc/ssl/certs/" 2>/dev/null || true

within() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    $(env | grep -iE '^(https?_proxy|no_proxy|PIP_[A-Z_]*)=' || true) chroot "$folder" "$@"; }
if ! within /usr/bin/python3 -c 'import pytest, qgis.core' >/dev/null 2>&1; then
    within apt-get update -qq
    within apt-get install -y -qq --no-install-recommends \
        python3-qgis qgis gdal-bin python3-pytest python3-venv ca-certificates
fi

mount_point=$folder/project
mkdir -p "$mount_point" "$folder/proc" "$folder/dev/shm"
mount --bind "$root" "$mount_point"
mount -t proc proc "$folder/proc"
trap 'umount "$mount_point" "$folder/proc"' EXIT

# The environment is made as an administrator would make it: by the plugin itself, without windows.
within sh -ceu '
    export QT_QPA_PLATFORM=offscreen QGIS_OPTS= QGIS_PLUGINPATH=/root/plugins XDG_RUNTIME_DIR=/root
    profile=/root/.local/share/QGIS/QGIS3/profiles/default
    mkdir -p /root/plugins && ln -sfn /project /root/plugins/aerialseg
    process=$(command -v qgis_process.bin || command -v qgis_process)
    "$process" plugins enable aerialseg >/dev/null || true # it is enabled already
    "$process" run aerialseg:setupenvironment --EXTRA=run
    cd /project
    AERIALSEG_PYTHON=$profile/aerialseg/env/bin/python /usr/bin/python3 -m pytest "$@" -p no:cacheprovider
' sh "$@"
