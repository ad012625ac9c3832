#!/usr/bin/env bash
# Builds every target in tests/fuzz with clang's libFuzzer and runs each for its share of SECONDS (the argument).
# What each target links stands in tests/fuzz/CMakeLists.txt.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 2
seconds=${1:-60}
targets=(tests/fuzz/*_fuzz.cpp)
[ -e "${targets[0]}" ] || { echo "no fuzz targets" >&2; exit 1; }
share=$((seconds / ${#targets[@]}))
[ "$share" -ge 3 ] || share=3
mkdir -p build/fuzz
cmake -S . -B build/fuzz -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_COMPILER=clang++-19 -DCMAKE_C_COMPILER=clang-19 \
  -DCMAKE_CXX_FLAGS_DEBUG="-O1 -g1" -DLIENTHONG_TESTS=OFF -DLIENTHONG_FUZZ=ON >build/fuzz/configure.log 2>&1 ||
  { tail -n 30 build/fuzz/configure.log >&2; exit 1; }
cmake --build build/fuzz --target fuzz_targets >build/fuzz/build.log 2>&1 || { tail -n 40 build/fuzz/build.log >&2; exit 1; }
status=0
for target in "${targets[@]}"; do
  name=$(basename "$target" .cpp)
  mkdir -p "build/fuzz/corpus/$name"
  if [ ! -x "build/fuzz/bin/$name" ]; then
    echo "$name is not listed in tests/fuzz/CMakeLists.txt" >&2
    status=1
  elif ! "build/fuzz/bin/$name" -max_total_time="$share" -timeout=10 -rss_limit_mb=2048 -max_len=8192 -print_final_stats=0 \
    -artifact_prefix="build/fuzz/$name-" "build/fuzz/corpus/$name" >"build/fuzz/$name.log" 2>&1; then
    tail -n 40 "build/fuzz/$name.log" >&2
    status=1
  fi
done
exit $status
