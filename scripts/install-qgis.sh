#!/bin/sh
# Make sure that the system's Python has QGIS and pytest; print one line and exit with 1 where that cannot be.
set -u

complete() {
    /usr/bin/python3 -c 'import pytest, qgis.core' >/dev/null 2>&1 &&
        command -v qgis_process >/dev/null 2>&1 && command -v gdalinfo >/dev/null 2>&1
}

packages="python3-qgis qgis gdal-bin python3-pytest"
if complete; then
    exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "QGIS tests skipped: they need QGIS with its own Python, as Debian and Ubuntu package it ($packages)."
    exit 1
fi
if [ "$(id -u)" != 0 ]; then
    echo "QGIS tests skipped: QGIS is not installed. Get it with: sudo apt-get install $packages"
    exit 1
fi

echo "Installing $packages (a few minutes) ..."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086  # one word a package
if apt-get update -qq >"$log" 2>&1 && apt-get install -y -qq --no-install-recommends $packages >>"$log" 2>&1 &&
    complete; then
    exit 0
fi
tail -n 5 "$log"
echo "QGIS tests skipped: QGIS could not be installed. Try: apt-get install $packages"
exit 1
