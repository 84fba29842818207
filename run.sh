#!/usr/bin/env bash
# HALO in one command: sets up what is missing, then runs it. Needs Python 3.11 or newer with venv, nothing else.
set -euo pipefail

ROOT="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)"
VENV="$ROOT/.venv"
STATE="$ROOT/.stamps"                  # the set-up lock and the log of the last long step
LOG="$STATE/setup.log"
OLDEST="3.11"
APP_MB=1600                            # what a fresh set-up takes on the disk, downloads included
TEST_MB=500                            # what the tests take besides

usage() {
    cat <<'TEXT'
./run.sh [--port N] [--no-browser]   set up what is missing, then open the notebook in your browser
./run.sh setup                       set up and exit
./run.sh cli ARGS…                   the command line; the same as an installed `halo ARGS…`
./run.sh test [unit|integration|browser|full] [pytest arguments]
./run.sh check                       lint, types, architecture, documents, lock files
./run.sh docs                        write the generated parts of the documents again
./run.sh lock                        resolve the lock files again (needs uv)

HALO_PYTHON names another Python.
TEXT
}

say() { printf '%s\n' "$*" >&2; }
fail() { say "halo: $1"; [ $# -lt 2 ] || say "      $2"; exit 1; }

# --- what is needed ---------------------------------------------------------------------------------------------------

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
has_venv() { "$1" -c 'import venv, ensurepip' >/dev/null 2>&1; }

find_python() {
    local name old="" bare="" names=(python3.13 python3.12 python3.11 python3 python)
    [ -z "${HALO_PYTHON:-}" ] || names=("$HALO_PYTHON")
    for name in "${names[@]}"; do
        command -v "$name" >/dev/null 2>&1 || continue
        if ! is_new_enough "$name"; then
            old="$name, $("$name" --version 2>&1 | head -n 1)"
        elif ! has_venv "$name"; then
            bare="$name"
        else
            printf '%s' "$name"
            return
        fi
    done
    [ -z "$bare" ] || fail "$bare has no venv module" "install it (Debian and Ubuntu: apt install python3-venv), or set HALO_PYTHON"
    [ -z "$old" ] || fail "Python $OLDEST or newer is needed; found only $old" "install a newer Python, or set HALO_PYTHON to one"
    [ -z "${HALO_PYTHON:-}" ] || fail "HALO_PYTHON=$HALO_PYTHON is not a program" "set it to a Python $OLDEST or newer"
    fail "Python $OLDEST or newer is needed; found none" "install Python, or set HALO_PYTHON to its program"
}

need_space() {
    local free
    free="$(df -Pk "$ROOT" 2>/dev/null | awk 'NR == 2 {print int($4 / 1024)}')"
    [ -z "$free" ] || [ "$free" -ge "$1" ] || fail "the disk of $ROOT is too full: $free MB free, $1 MB needed" "free some space, then run this again"
}

hash_of() { cat "$@" | { sha256sum 2>/dev/null || shasum -a 256; } | cut -d ' ' -f 1; }
is_stamped() { [ -f "$VENV/.halo-$1" ] && [ "$(cat "$VENV/.halo-$1")" = "$2" ]; }
stamp() { printf '%s' "$2" >"$VENV/.halo-$1.new" && mv "$VENV/.halo-$1.new" "$VENV/.halo-$1"; }

# --- long steps -------------------------------------------------------------------------------------------------------

# step WORDS COMMAND…: run the command with its output in the log, and show that time passes. It runs in the background, as one
# process (functions end in exec), so that Ctrl+C ends it too; it keeps the set-up lock, so that nobody starts beside a stray one.
step() {
    local words="$1" began=$SECONDS child status=0
    shift
    [ -t 2 ] || say "$words …"
    "$@" >"$LOG" 2>&1 &
    child=$!
    trap 'kill "$child" 2>/dev/null; exit 130' INT TERM
    while kill -0 "$child" 2>/dev/null; do
        [ ! -t 2 ] || printf '\r%s … %d s ' "$words" "$((SECONDS - began))" >&2
        sleep 0.2
    done
    wait "$child" || status=$?
    trap - INT TERM
    [ ! -t 2 ] || printf '\r' >&2
    [ "$status" -ne 0 ] || say "$words: done in $((SECONDS - began)) s"
    return "$status"
}

explain() {
    tail -n 8 "$LOG" >&2
    if grep -qi -e 'no space left' -e 'disk quota' "$LOG"; then
        fail "the disk is full" "free $APP_MB MB, then run this again; it goes on where it stopped"
    fi
    fail "$1 failed" "the lines above say why (all of them: $LOG); run this again, it goes on where it stopped"
}

# --- set-up -----------------------------------------------------------------------------------------------------------

make_venv() {
    local python clear=""
    if [ -x "$VENV/bin/python" ] && is_new_enough "$VENV/bin/python"; then return; fi
    python="$(find_python)" || exit 1
    need_space "$APP_MB"
    [ ! -e "$VENV/pyvenv.cfg" ] || clear="--clear"
    # shellcheck disable=SC2086
    step "making .venv with $("$python" --version 2>&1)" "$python" -m venv $clear "$VENV" || explain "making .venv"
}

install_with_pip() {
    "$VENV/bin/python" -m pip --version >/dev/null 2>&1 || "$VENV/bin/python" -m ensurepip
    exec "$VENV/bin/python" -m pip install --disable-pip-version-check --no-input --progress-bar off --require-hashes --no-deps -r "$1"
}

install_with_uv() { exec uv --system-certs pip install --python "$VENV/bin/python" --require-hashes --no-deps -r "$1"; }

# install NAME LOCK: bring .venv to a lock file, with uv when it is there and works, with pip otherwise.
install() {
    local lock="$ROOT/$2" words
    words="installing $(grep -c '==' "$lock" || true) packages"
    if command -v uv >/dev/null 2>&1; then
        if step "$words with uv" install_with_uv "$lock"; then return; fi
        say "uv could not do it; trying pip"
    fi
    step "$words with pip" install_with_pip "$lock" || explain "installing"
}

halo_python() { PYTHONPATH="$ROOT${PYTHONPATH:+:$PYTHONPATH}" exec "$VENV/bin/python" -P "$@"; }      # does not come back

model_wanted() { printf '%s %s' "$(hash_of "$ROOT"/halo_app/embedding/{graph,minilm,weights}.py)" "${XDG_CACHE_HOME:-${HOME:-}}"; }
has_model() { is_stamped model "$(model_wanted)" && [ -d "$(cat "$VENV/.halo-place" 2>/dev/null)" ]; }

build_model() {
    if has_model; then return; fi
    if step "building the embedding model" halo_python -m halo_app.embedding; then
        stamp place "$(tail -n 1 "$LOG")"
        stamp model "$(model_wanted)"
    else
        tail -n 2 "$LOG" >&2
        say "going on without it: search works by words until the model is there"
    fi
}

# A team's drivers are needed when the environment or .env names a PostgreSQL or Redis address.
needs_team() {
    local given="${HALO_AGENT_DB:-} ${DATABASE_URL:-} ${HALO_AGENT_DB_REPLICAS:-} ${REDIS_URL:-}"
    [ ! -f "$ROOT/.env" ] || given="$given $(grep -E '^ *(export +)?(HALO_AGENT_DB|DATABASE_URL|HALO_AGENT_DB_REPLICAS|REDIS_URL) *=' "$ROOT/.env" || true)"
    case "$given" in *postgres*://* | *redis*://* | *unix://*) return 0 ;; esac
    return 1
}

is_set_up() {                          # is_set_up app|test
    [ -x "$VENV/bin/python" ] && is_stamped app "$(hash_of "$ROOT/requirements.lock")" || return 1
    if [ "$1" = test ]; then
        is_stamped test "$(hash_of "$ROOT/requirements-test.lock")"
    elif needs_team; then
        is_stamped team "$(hash_of "$ROOT/requirements-team.lock")" || is_stamped test "$(hash_of "$ROOT/requirements-test.lock")"
    fi
}

set_up() {                             # set_up app|test
    [ ! -L "$VENV" ] || return 0       # a linked environment belongs to whoever linked it
    if is_set_up "$1" && has_model; then return; fi
    mkdir -p "$STATE"
    (
        if command -v flock >/dev/null 2>&1; then
            exec 9>"$STATE/lock"
            flock -n 9 || { say "another set-up is at work; waiting for it"; flock 9; }
        fi
        make_venv
        if ! is_set_up app; then
            need_space "$APP_MB"
            install app requirements.lock
            stamp app "$(hash_of "$ROOT/requirements.lock")"
        fi
        if [ "$1" = test ] && ! is_set_up test; then
            need_space "$TEST_MB"
            install test requirements-test.lock
            stamp test "$(hash_of "$ROOT/requirements-test.lock")"
        fi
        if ! is_set_up "$1"; then      # the test lock holds the team's drivers, too
            install team requirements-team.lock
            stamp team "$(hash_of "$ROOT/requirements-team.lock")"
        fi
        build_model
    )
}

# --- commands ---------------------------------------------------------------------------------------------------------

run_halo() { halo_python -m halo_app "$@"; }

run_tests() {
    local where="tests" suite="${1:-}"
    case "$suite" in
        unit | integration | browser) where="tests/$suite"; shift ;;
        full) export HALO_FULL=1; shift ;;
    esac
    set_up test
    cd "$ROOT"
    case " $* " in *" tests/"*) where="" ;; esac      # named tests instead of all
    [ "$where" != tests ] || [ $# -gt 0 ] || run_all_tests
    exec "$VENV/bin/python" -m pytest ${where:+"$where"} "$@"
}

# The browser walks wait more than they work: they run beside everything else, and what they said comes after it. Does not come back.
run_all_tests() {
    local walks="$STATE/walks.log" child status=0
    mkdir -p "$STATE"
    "$VENV/bin/python" -m pytest tests/browser >"$walks" 2>&1 &
    child=$!
    trap 'kill -INT "$child" 2>/dev/null; wait "$child"; exit 130' INT TERM
    "$VENV/bin/python" -m pytest tests --ignore tests/browser || status=1
    say "the walks in the browser go on; what they say comes when they are over"
    wait "$child" || status=1
    cat "$walks"
    exit "$status"
}

run_checks() {
    local status=0
    set_up test
    cd "$ROOT"
    say "lint";          "$VENV/bin/python" -m ruff check . || status=1
    say "types";         "$VENV/bin/python" -m mypy || status=1
    say "architecture";  "$VENV/bin/python" "$VENV/bin/lint-imports" || status=1
    say "lock files";    "$VENV/bin/python" docs/locks.py || status=1
    say "documents";     "$VENV/bin/python" docs/generate.py --check || status=1
    return "$status"
}

run_lock() {
    command -v uv >/dev/null 2>&1 || fail "uv is not installed" "install uv, then run this again"
    cd "$ROOT"
    local compile=(uv --system-certs pip compile pyproject.toml --group model --generate-hashes --no-emit-index-url --no-annotate
        --no-header --python-version "$OLDEST" --universal --quiet)
    "${compile[@]}" -o requirements.lock
    "${compile[@]}" --extra team -c requirements.lock -o requirements-team.lock
    "${compile[@]}" --extra team --group test --group check -c requirements.lock -c requirements-team.lock -o requirements-test.lock
}

case "${1:-run}" in
    setup) set_up app ;;
    cli) shift; set_up app; run_halo "$@" ;;
    test) shift; run_tests "$@" ;;
    check) run_checks ;;
    docs) set_up test; cd "$ROOT"; "$VENV/bin/python" docs/generate.py ;;
    lock) run_lock ;;
    help | -h | --help) usage ;;
    run) [ $# -eq 0 ] || shift; set_up app; run_halo run "$@" ;;
    -*) set_up app; run_halo run "$@" ;;
    *) usage >&2; say ""; say "halo: unknown command: $1"; exit 2 ;;
esac
