#include "gateway/repository/sqlite/body_codec.h"

#include <catch2/catch.hpp>

using namespace lienthong;
using namespace lienthong::repository::sqlite;

namespace {

const std::string kBody =
    R"({"status":"final","code":{"coding":[{"system":"http://loinc.org","code":"718-7"}]},"subject":{"reference":"Patient/1"}})";

// kBody as the first version of the tables kept it: a frame made with the first dictionary, and nothing
// before it.
constexpr unsigned char kFormer[] = {0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x77, 0xe5, 0x00, 0x00, 0x48,
                                     0x37, 0x31, 0x38, 0x2d, 0x37, 0x31, 0x22, 0x7d, 0x7d, 0x05,
                                     0x00, 0x67, 0x64, 0xc0, 0xc8, 0xac, 0xaa, 0x3c, 0xe2, 0x84,
                                     0x41, 0xa1, 0x41, 0xb9, 0x06, 0x04, 0x02};

std::string_view former() {
  return {reinterpret_cast<const char*>(kFormer), sizeof kFormer};
}

}  // namespace

TEST_CASE("bodies: what the former version packed can be read") {
  CHECK(unpack(former()).value() == kBody);
}

TEST_CASE("bodies: packed and unpacked they are the same, short, long and without any pattern") {
  std::string wild;
  for (int i = 0; i < 5000; ++i) wild += static_cast<char>((i * 7919 + i / 3) % 251);
  for (const std::string& body : {std::string(), std::string("{}"), kBody, std::string(100'000, 'x'), wild}) {
    CHECK(unpack(pack(body)).value() == body);
    CHECK(pack(body).size() <= body.size() + 1);
  }
  CHECK(pack(kBody).size() < kBody.size() / 2);
}

TEST_CASE("bodies: damaged bytes are a fault, not a resource") {
  const std::string packed = pack(kBody);
  CHECK_FALSE(unpack("2"));
  CHECK_FALSE(unpack("(nonsense"));
  CHECK_FALSE(unpack(std::string_view(packed).substr(0, packed.size() / 2)));
}
