#!/usr/bin/env bash
# Makes .venv what a lock file says (install.sh requirements.txt), finds a browser and servers for the tests (install.sh
# browser, install.sh servers), or installs what builds and checks the front end (install.sh frontend).
set -euo pipefail
cd -P "$(dirname "$0")/.."

say() { echo "$*" >&2; }
stop() { say "$*"; exit 1; }

supported() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null
}

find_python() {
    for python in python3.13 python3.12 python3.11 python3; do
        if supported "$python"; then
            echo "$python"
            return
        fi
    done
    stop "StudyRAG needs Python 3.11, 3.12 or 3.13; this machine has $(python3 --version 2>/dev/null || echo none)."
}

debian_package() {
    local package=$1 purpose=$2
    local by_hand="$purpose is missing. Install it (sudo apt-get install $package), then run make again."
    command -v apt-get >/dev/null || stop "$purpose is missing. Install it, then run make again."
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || stop "$by_hand"
        as_root=(sudo)
        [ -t 0 ] || as_root=(sudo -n)
    fi
    say "$purpose is missing: installing the package $package …"
    local log
    log=$(mktemp)
    if ! { "${as_root[@]}" apt-get -qq update && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq install -y --no-install-recommends "$package"; } >"$log" 2>&1; then
        tail -n 3 "$log" >&2
        stop "$by_hand"
    fi
    rm -f "$log"
}

make_environment() {
    # an environment whose Python is gone or whose folder was moved is made anew
    if supported .venv/bin/python && [ "$(cat .venv/made-in 2>/dev/null)" = "$PWD" ]; then
        return
    fi
    local python
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        debian_package "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')" "Python's venv module"
    fi
    say "Making a Python environment in .venv ($("$python" --version)) …"
    rm -rf .venv
    "$python" -m venv .venv || stop "The Python environment could not be made; the reason stands above."
    pwd >.venv/made-in
}

install_packages() {
    local lock=$1 log=.venv/install.log
    if [ "$(cat ".venv/installed-$lock" 2>/dev/null)" = "$(fingerprint "$lock")" ]; then
        return
    fi
    say "Installing the locked packages: about two minutes, once …"
    .venv/bin/python -m pip install --no-deps --require-hashes --no-input --disable-pip-version-check \
        --progress-bar off -r "$lock" 2>&1 | tee "$log" | progress || failed "$log"
    # what the tests need contains what a learner needs
    for done in "$lock" requirements.txt; do
        fingerprint "$done" >".venv/installed-$done"
    done
}

fingerprint() {
    echo "$(sha256sum <"$1") $(.venv/bin/python --version)"
}

progress() {
    local line fetched=0
    while read -r line; do
        case $line in
            Collecting\ *) fetched=$((fetched + 1)); [ $((fetched % 40)) -ne 0 ] || say "  $fetched packages fetched" ;;
            Installing\ collected*) say "  unpacking $fetched packages" ;;
        esac
    done
}

failed() {
    grep -i '^ERROR' "$1" | head -n 5 >&2 || true
    stop "The packages could not be installed (all messages: $1). Is there a network and 2 GB of free disk? Then run make again."
}

find_browser() {
    # Playwright brings its own node, which needs a library that a bare Debian lacks
    .venv/bin/python -m playwright --version >/dev/null 2>&1 || debian_package libatomic1 "A library for the end-to-end tests"
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" >/dev/null && return
    done
    debian_package chromium "The browser for the end-to-end tests"
}

find_servers() {
    command -v redis-server >/dev/null || debian_package redis-server "Redis, which the tests run against,"
    # Debian keeps PostgreSQL's programs out of the path
    command -v postgres >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null ||
        debian_package postgresql "PostgreSQL, which the tests start,"
    command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ] || debian_package pgbouncer "pgbouncer, which the tests start,"
}

install_node_packages() {
    command -v node >/dev/null && command -v npm >/dev/null || debian_package npm "npm, which builds and checks the front end,"
    local log installed want
    installed=frontend/node_modules/.installed
    want="$(sha256sum <frontend/package-lock.json) $(node --version)"
    [ "$(cat "$installed" 2>/dev/null)" != "$want" ] || return 0
    say "Installing the front end's tools …"
    log=$(mktemp)
    if ! npm --prefix frontend ci >"$log" 2>&1; then
        tail -n 5 "$log" >&2
        stop "The front end's tools could not be installed. Is there a network? Then run make again."
    fi
    rm -f "$log"
    echo "$want" >"$installed"
}

case $1 in
    browser) find_browser ;;
    servers) find_servers ;;
    frontend) install_node_packages ;;
    *)
        make_environment
        install_packages "$1"
        ;;
esac
