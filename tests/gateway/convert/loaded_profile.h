#pragma once
// The shipped profiles, as tests use them.

#include <catch2/catch.hpp>
#include <memory>
#include <string>

#include "gateway/convert/program.h"

namespace lienthong::convert {

inline const AdapterRegistry& test_adapters() {
  static const auto registry = [] {
    auto loaded = std::make_unique<AdapterRegistry>();
    Diagnostics diagnostics;
    loaded->load_folder(LIENTHONG_BUILD "/lib/lienthong/adapters", diagnostics, nullptr);
    return loaded;
  }();
  return *registry;
}

inline std::shared_ptr<const Program> shipped_program(const std::string& name) {
  Diagnostics diagnostics;
  auto program = load_profile({{LIENTHONG_ROOT "/mappings"}}, name, test_adapters(), diagnostics);
  for (const auto& diagnostic : diagnostics.all()) UNSCOPED_INFO(to_string(diagnostic));
  REQUIRE(program);
  return *program;
}

}  // namespace lienthong::convert
