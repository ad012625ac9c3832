# Sourced by scripts/run and scripts/test: installs what is missing, configures and builds.

# What a release build needs; tests need more. Debian 12 names.
BUILD_PACKAGES="g++ cmake ninja-build ccache mold pkg-config libboost1.81-dev libssl-dev libsqlite3-dev libzstd-dev
  libxxhash-dev libyaml-cpp-dev libtomlplusplus-dev libre2-dev libexpected-dev libfmt-dev"
RUN_PACKAGES="curl jq"
TEST_PACKAGES="catch2 rapidjson-dev libpugixml-dev jq clang-19 libclang-rt-19-dev clang-format-19 sqlite3 curl openssl zstd"

say() { printf '%s\n' "$*" >&2; }

# Installs those of the named packages that are missing; asks for nothing when all are there.
install_missing() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { say "These packages are missing and neither root nor sudo is at hand: ${missing[*]}"; return 1; }
    as_root=(sudo)
  fi
  say "Installing: ${missing[*]}"
  "${as_root[@]}" apt-get update -qq || return 1
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || return 1
}

# configure_and_build PRESET [TARGET…]: configures once, builds what changed.
configure_and_build() {
  local preset=$1
  shift
  [ -f "build/$preset/build.ninja" ] || cmake --preset "$preset" >/dev/null || return 1
  cmake --build "build/$preset" ${1:+--target "$@"} >"build/$preset/build.log" 2>&1 || {
    tail -n 60 "build/$preset/build.log" >&2
    return 1
  }
}
