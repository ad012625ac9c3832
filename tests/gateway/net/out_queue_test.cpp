// Bytes that wait to be sent.

#include "gateway/net/out_queue.h"

#include <array>
#include <catch2/catch.hpp>

using namespace lienthong::net;
using namespace std::string_view_literals;

namespace {

// All of it, one piece at a time, as TLS takes it; `step` bytes a call.
std::string send_all(OutQueue& queue, std::size_t step) {
  std::string sent;
  while (!queue.empty()) {
    std::array<std::string_view, 1> piece;
    REQUIRE(queue.front(piece.data(), piece.size()) == 1);
    const auto part = piece[0].substr(0, step);
    REQUIRE_FALSE(part.empty());
    sent += part;
    queue.consume(part.size());
  }
  return sent;
}

}  // namespace

TEST_CASE("what is queued leaves in its order, whatever its kind and however it was before") {
  OutQueue queue;
  const std::string large(20'000, 'l');
  for (const std::size_t step : {1UL, 100UL, 100'000UL}) {
    queue.append("small "sv);
    queue.append(std::string("copied"));
    CHECK(send_all(queue, step) == "small copied");
    queue.append(std::string(large));  // the room of the small ones is still there
    queue.append("behind"sv);
    CHECK(send_all(queue, step) == large + "behind");
    queue.append("again"sv);
    CHECK(send_all(queue, step) == "again");
    queue.append(std::make_shared<const std::string>(large));
    CHECK(queue.size() == large.size());
    CHECK(send_all(queue, step) == large);
  }
  queue.append("dropped"sv);
  queue.clear();
  CHECK(queue.empty());
  queue.append("kept"sv);
  CHECK(send_all(queue, 2) == "kept");
}
