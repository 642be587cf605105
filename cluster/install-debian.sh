#!/bin/sh
# Installs the Debian packages that a test cluster and the tests on it need and this machine lacks. Needs root.
set -eu

wanted="containerd runc containernetworking-plugins iptables iproute2 busybox-static openssl util-linux mount ca-certificates python3 python3-venv"

missing=""
for package in $wanted; do
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing="$missing $package"
done

if [ -z "$missing" ]; then
  echo "cluster: every Debian package is installed"
  exit 0
fi

if [ "$(id -u)" -ne 0 ]; then
  echo "cluster: root is needed to install:$missing" >&2
  exit 1
fi

export DEBIAN_FRONTEND=noninteractive
echo "cluster: installing:$missing"
apt-get update -q
# shellcheck disable=SC2086 # one word per package
apt-get install -y -q --no-install-recommends $missing
