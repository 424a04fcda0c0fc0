#!/bin/sh
# What is done with the policy's text (server/policy/rego) by the tool that it is written for:
#   opa.sh build [FOLDER]   compiles it to FOLDER/policy.wasm, with its SHA-256 beside it; here by default
#   opa.sh test             judges its style and runs its own tests
#   opa.sh find             says where the tool is
# The tool is taken from OPA or the PATH when it is of the pinned version, else from the cache, where Go builds it once.
# Exit code 3: there is neither the tool nor Go, or OPA_FETCH=no forbids to build it.
set -eu

VERSION=1.22.0
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
cache=${THROUGHLINE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/throughline}/opa-$VERSION

is_pinned() { [ "$("$1" version 2>/dev/null | sed -n 's/^Version: //p')" = "$VERSION" ]; }

find_opa() {
  for candidate in "${OPA:-opa}" "$cache/opa"; do
    if is_pinned "$candidate"; then
      echo "$candidate"
      return
    fi
  done
  if [ "${OPA_FETCH:-yes}" != yes ] || ! command -v go >/dev/null 2>&1; then
    echo "neither opa $VERSION nor leave and Go to build it with" >&2
    exit 3
  fi
  echo "building opa $VERSION into $cache; this takes a few minutes, once" >&2
  mkdir -p "$cache"
  GOBIN="$cache" GOFLAGS=-buildvcs=false go install "github.com/open-policy-agent/opa@v$VERSION" >&2
  echo "$cache/opa"
}

sha256() { node -e 'console.log(require("crypto").createHash("sha256").update(require("fs").readFileSync(0)).digest("hex"))'; }

command=${1:-build}
case $command in
  build | test | find) ;;
  *)
    echo "usage: opa.sh build [FOLDER] | test | find" >&2
    exit 2
    ;;
esac
out=$(mkdir -p "${2:-$here}" && CDPATH='' cd -- "${2:-$here}" && pwd -P)
opa=$(find_opa)
# The names of the sources are part of the output, so it is always built from the same place.
cd "$here/rego"
case $command in
  build)
    bundle=$(mktemp)
    trap 'rm -f "$bundle"' EXIT
    "$opa" build --target wasm --entrypoint throughline/decision --ignore '*_test.rego' --output "$bundle" .
    tar -xzPOf "$bundle" /policy.wasm >"$out/policy.wasm"
    sha256 <"$out/policy.wasm" >"$out/policy.wasm.sha256"
    ;;
  find) echo "$opa" ;;
  test)
    "$opa" check --strict .
    "$opa" fmt --fail --list .
    "$opa" test .
    ;;
esac
