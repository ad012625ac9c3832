#include "gateway/net/mllp_framer.h"

#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

namespace lienthong::net {
namespace {

using Kind = MllpItem::Kind;

struct Seen {
  Kind kind;
  std::string bytes;
  std::size_t count;
  bool operator==(const Seen&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Seen& seen) {
  return out << static_cast<int>(seen.kind) << ":" << seen.bytes << ":" << seen.count;
}

void drain(MllpFramer& framer, std::vector<Seen>& out) {
  for (MllpItem item = framer.next(); item.kind != Kind::NeedMore; item = framer.next()) {
    out.push_back({item.kind, std::string(item.bytes), item.count});
  }
}

// Feeds the input in pieces, each a buffer of its own, so that a view kept too long shows under ASan.
template <class NextSize>
std::vector<Seen> run(std::string_view input, NextSize next_size, MllpLimits limits = {}) {
  MllpFramer framer(limits);
  std::vector<Seen> out;
  while (!input.empty()) {
    const std::size_t size = std::min<std::size_t>(next_size(), input.size());
    const std::vector<char> piece(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(size));
    framer.feed({piece.data(), piece.size()});
    drain(framer, out);
    input.remove_prefix(size);
  }
  const MllpItem last = framer.finish();
  if (last.kind != Kind::NeedMore) out.push_back({last.kind, std::string(last.bytes), last.count});
  return out;
}

std::vector<Seen> whole(std::string_view input, MllpLimits limits = {}) {
  return run(input, [&] { return input.size(); }, limits);
}

TEST_CASE("MLLP: frames come out in order, with or without CR behind FS") {
  const auto seen = whole("\x0bMSH|a\r\x1c\r\x0bMSH|b\r\x1c\x0bMSH|c\x1c\r\n");
  CHECK(seen == std::vector<Seen>{
                    {Kind::Frame, "MSH|a\r", 0}, {Kind::Frame, "MSH|b\r", 0}, {Kind::Frame, "MSH|c", 0}});
}

TEST_CASE("MLLP: a frame that lies wholly in the input is not copied") {
  const std::string input = "\x0bMSH|a\x1c\r";
  MllpFramer framer;
  framer.feed(input);
  const MllpItem item = framer.next();
  REQUIRE(item.kind == Kind::Frame);
  CHECK(item.bytes.data() == input.data() + 1);
  CHECK(framer.buffered() == 0);
}

TEST_CASE("MLLP: junk before VT is counted, line ends between frames are not") {
  CHECK(whole("\r\nxyz\x0bMSH\x1c\r\n\r\x0bMSH\x1c") ==
        std::vector<Seen>{{Kind::Frame, "MSH", 3}, {Kind::Frame, "MSH", 0}});
}

TEST_CASE("MLLP: an empty frame is a frame") {
  CHECK(whole("\x0b\x1c\r") == std::vector<Seen>{{Kind::Frame, "", 0}});
}

TEST_CASE("MLLP: a stream that ends in a frame is reported as truncated") {
  CHECK(whole("\x0bMSH|lost") == std::vector<Seen>{{Kind::Truncated, "", 8}});
}

TEST_CASE("MLLP: a sender that starts anew in the middle of a frame loses only the half one") {
  const std::string input = "\x0bMSH|half\x0bMSH|whole\x1c\r";
  CHECK(whole(input) == std::vector<Seen>{{Kind::Truncated, "", 8}, {Kind::Frame, "MSH|whole", 0}});
}

TEST_CASE("MLLP: VT within a text is content") {
  CHECK(whole("\x0bMSH|a\x0bz\x1c\r") == std::vector<Seen>{{Kind::Frame, "MSH|a\x0bz", 0}});
}

TEST_CASE("MLLP: a frame over the limit is refused once, in bounded memory, and the next is taken") {
  MllpFramer framer({16 * 1024 * 1024, 4096});
  const std::string megabyte(1024 * 1024, 'x');
  std::vector<Seen> seen;
  std::size_t most = 0;
  framer.feed("\x0b");
  drain(framer, seen);
  for (int i = 0; i < 64; ++i) {
    framer.feed(megabyte);
    drain(framer, seen);
    most = std::max(most, framer.buffered());
  }
  framer.feed("\x1c\r\x0bMSH\x1c\r");
  drain(framer, seen);
  CHECK(seen == std::vector<Seen>{{Kind::TooLong, std::string(MllpFramer::kHead, 'x'), 16 * 1024 * 1024},
                                  {Kind::Frame, "MSH", 0}});
  CHECK(most <= 16 * 1024 * 1024);
  CHECK(framer.buffered() == 0);
}

TEST_CASE("MLLP: a peer that speaks something else is told apart from a little junk") {
  const auto seen = whole("GET / HTTP/1.1\r\nHost: example\r\n\r\n", {1024, 10});
  CHECK(seen == std::vector<Seen>{{Kind::NotMllp, "", 11}});
}

std::string random_stream(std::mt19937& random) {
  static const std::vector<std::string> parts{"\x0b",
                                              "\x1c",
                                              "\r",
                                              "\n",
                                              "\x1c\r",
                                              "MSH|",
                                              "\x0bMSH|x\x1c\r",
                                              "abc",
                                              "\x0bMSH",
                                              "BHS",
                                              std::string(40, 'y')};
  std::string out;
  for (int i = 0; i < 60; ++i) out += parts[random() % parts.size()];
  return out;
}

TEST_CASE("MLLP: the items are the same however the bytes are cut") {
  std::mt19937 random(7);
  const MllpLimits limits{100, 30};
  for (int round = 0; round < 2000; ++round) {
    const std::string input = random_stream(random);
    const auto expected = whole(input, limits);
    REQUIRE(run(input, [] { return std::size_t{1}; }, limits) == expected);
    REQUIRE(run(input, [&] { return 1 + random() % 17; }, limits) == expected);
  }
}

TEST_CASE("MLLP: what is framed comes out as it went in") {
  std::string stream;
  append_mllp_frame(stream, "MSH|one\r");
  append_mllp_frame(stream, "");
  append_mllp_frame(stream, "MSH|two\r");
  CHECK(whole(stream) == std::vector<Seen>{{Kind::Frame, "MSH|one\r", 0},
                                           {Kind::Frame, "", 0},
                                           {Kind::Frame, "MSH|two\r", 0}});
}

}  // namespace
}  // namespace lienthong::net
