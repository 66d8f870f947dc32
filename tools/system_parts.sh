#!/usr/bin/env bash
# Sees that parts which are not Python packages are there: python (3.11 or later, with venv), chromium, calc, ledger, hledger,
# postgresql (the server's own programs), nginx, openssl, systemd (its checker of units), poppler (its drawing of PDF pages).
# What is missing is installed from Debian packages where that is permitted; otherwise it says what to install.
set -euo pipefail
export PYTHON=${PYTHON:-python3}

is_there() {
  case "$1" in
    python) "$PYTHON" -c 'import venv, ensurepip' 2>/dev/null ;;
    chromium) command -v chromium || command -v chromium-browser || command -v google-chrome ;;
    calc) calc_is_there ;;
    ledger) command -v ledger ;;
    hledger) command -v hledger ;;
    postgresql) postgresql_is_there ;;
    nginx) command -v nginx || ls /usr/sbin/nginx ;;
    openssl) command -v openssl ;;
    systemd) command -v systemd-analyze ;;
    poppler) command -v pdftoppm ;;
    *) echo "tools/system_parts.sh knows no part '$1': name python, chromium, calc, ledger, hledger, postgresql, nginx, openssl, systemd or poppler." >&2; exit 2 ;;
  esac >/dev/null
}

# LibreOffice comes in parts: soffice alone may be there without Calc.
calc_is_there() {
  local soffice
  soffice=$(command -v soffice || command -v libreoffice) || return 1
  [ "$(uname -s)" != Linux ] && return 0
  ls "$(dirname "$(readlink -f "$soffice")")"/libsclo.so
} >/dev/null 2>&1

# Debian keeps the server's programs off the search path, one folder a version.
postgresql_is_there() {
  command -v psql || return 1
  command -v initdb && command -v pg_ctl && return 0
  ls /usr/lib/postgresql/*/bin/initdb
} >/dev/null 2>&1

package_of() {
  case "$1" in
    python) echo python3-venv ;;
    chromium) echo chromium ;;
    calc) echo libreoffice-calc ;;
    ledger) echo ledger ;;
    hledger) echo hledger ;;
    postgresql) echo postgresql ;;
    nginx) echo nginx-light ;;
    openssl) echo openssl ;;
    systemd) echo systemd ;;
    poppler) echo poppler-utils ;;
  esac
}

refuse() {
  echo "$*" >&2
  exit 1
}

check_python_version() {
  command -v "$PYTHON" >/dev/null ||
    refuse "Python is not here: install Python 3.11 or later, or say where it is with 'make PYTHON=/path/to/python ...'."
  "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    refuse "$("$PYTHON" --version) is too old: install Python 3.11 or later, or say where it is with 'make PYTHON=/path/to/python ...'."
}

install_packages() {
  local as_root=()
  if ! command -v apt-get >/dev/null; then return 1; fi
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || return 1
    as_root=(sudo -n)
  fi
  echo "Installing from Debian packages: $*"
  "${as_root[@]}" apt-get update -qq &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

missing=()
for part in "$@"; do
  [ "$part" = python ] && check_python_version
  is_there "$part" || missing+=("$(package_of "$part")")
done
[ "${#missing[@]}" -eq 0 ] && exit 0

install_packages "${missing[@]}" ||
  refuse "Missing and not installed: ${missing[*]}. Install by hand, on Debian with 'sudo apt-get install ${missing[*]}', then run make again."
for part in "$@"; do
  is_there "$part" || refuse "Installed, yet not found: $(package_of "$part"). Check the search path, then run make again."
done
