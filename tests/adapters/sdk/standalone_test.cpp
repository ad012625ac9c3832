// What other people do with the example: build it by itself and load the module.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "tests/adapters/test_host.h"

TEST_CASE("the example adapter builds by itself, of one header, and answers") {
  namespace fs = std::filesystem;
  const fs::path example = LIENTHONG_ROOT "/examples/adapter-keyvalue";
  std::ifstream source(example / "keyvalue.cpp");
  std::size_t lines = 0;
  for (std::string line; std::getline(source, line); ++lines) {
    if (line.starts_with("#include \"")) CHECK(line == "#include \"adapters/sdk/adapter.h\"");
  }
  CHECK(lines < 150);
  const auto folder = fs::temp_directory_path() / ("lienthong-example-" + std::to_string(::getpid()));
  const auto build = "cmake -G Ninja -S '" + example.string() + "' -B '" + folder.string() +
                     "' >/dev/null && cmake --build '" + folder.string() + "' >/dev/null";
  REQUIRE(std::system(build.c_str()) == 0);
  CHECK(fs::exists(folder / "keyvalue.problems.tsv"));
  void* module = dlopen((folder / "keyvalue.so").c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  REQUIRE(module != nullptr);
  const auto entry = reinterpret_cast<lt_adapter_entry_function>(dlsym(module, "lt_adapter_entry"));
  REQUIRE(entry != nullptr);
  const lt_adapter* adapter = entry(LT_ABI_MAJOR, LT_ABI_MINOR);
  REQUIRE(adapter != nullptr);
  CHECK(lienthong::test::str(adapter->name) == "keyvalue");
  CHECK(entry(LT_ABI_MAJOR + 1, 0) == nullptr);
  fs::remove_all(folder);
}
