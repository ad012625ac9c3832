#pragma once
// A way out: takes one bundle and says what the other side made of it.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "gateway/base/move_function.h"
#include "gateway/base/result.h"

namespace lienthong::delivery {

// What became of one bundle.
struct SendResult {
  enum class Kind : std::uint8_t {
    Confirmed,
    Transient,  // no answer, 408, 425, 429, 5xx: try again later
    Permanent,  // other 4xx: no retry can help
  };
  Kind kind = Kind::Transient;
  int status = 0;      // HTTP; 0 = no answer
  std::string reason;  // for the log and the dead letter: numbers and codes, no patient data
  std::uint32_t retry_after_seconds = 0;  // as the other side asked; 0 = it did not
};

using SendCallback = MoveFunction<void(SendResult)>;

// send() may be called again before the last callback has come. Callbacks may come on any thread, also during
// the call. Destroying it ends what is open with Transient.
class Sender {
 public:
  virtual ~Sender() = default;
  virtual void send(std::string bundle, SendCallback callback) = 0;
};

}  // namespace lienthong::delivery
