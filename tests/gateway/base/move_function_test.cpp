#include "gateway/base/move_function.h"

#include <array>
#include <catch2/catch.hpp>
#include <memory>

using lienthong::MoveFunction;

TEST_CASE("move function: owns what cannot be copied, small or large") {
  auto small = std::make_unique<int>(7);
  MoveFunction<int()> first([small = std::move(small)] { return *small; });
  MoveFunction<int()> moved = std::move(first);
  CHECK_FALSE(static_cast<bool>(first));
  CHECK(moved() == 7);
  std::array<char, 200> large{};
  large[199] = 5;
  auto counted = std::make_shared<int>(0);
  {
    MoveFunction<int()> on_heap([large, counted] { return large[199]; });
    MoveFunction<int()> other;
    other = std::move(on_heap);
    CHECK(other() == 5);
    CHECK(counted.use_count() == 2);
  }
  CHECK(counted.use_count() == 1);
}

TEST_CASE("move function: the answer of a callable is dropped where none is wanted") {
  int calls = 0;
  MoveFunction<void()> function([&] { return ++calls; });
  function();
  CHECK(calls == 1);
  function = nullptr;
  CHECK_FALSE(static_cast<bool>(function));
}
