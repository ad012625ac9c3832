#include "gateway/base/uuid.h"

#include <catch2/catch.hpp>
#include <string>

using lienthong::to_string;
using lienthong::uuid_from_key;

// Computed by another implementation of RFC 9562 §5.5 (version 5) in the project's namespace: ids minted once
// must come out the same for ever.
TEST_CASE("a key gives the version 5 id that any other implementation gives") {
  CHECK(to_string(uuid_from_key("")) == "c20a8a1d-0072-5141-a52c-b126df0e1b1b");
  CHECK(to_string(uuid_from_key("01001|Patient|PID|0000012345")) == "6a1d16cd-bb10-545c-a85a-cdd98555ca0b");
  const auto longer_than_a_block = "01001|Organization|Bệnh viện Đa khoa|" + std::string(60, 'x');
  CHECK(to_string(uuid_from_key(longer_than_a_block)) == "7b5c44b9-4eb5-5211-a612-b7d508381bc0");
}
