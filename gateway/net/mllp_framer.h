#pragma once
// MLLP's frames out of a stream of bytes (HL7 v2 Transport Specification, MLLP release 1): <VT> message
// <FS><CR>. Sans I/O: bytes in, items out; the same items however the bytes are cut. Tolerant of what is seen
// in the field: no CR after FS, CR and LF between frames, junk before VT, a sender that starts anew in the
// middle of a frame.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/bytes.h"

namespace lienthong::net {

inline constexpr char kMllpStart = '\x0b';  // VT
inline constexpr char kMllpEnd = '\x1c';    // FS

struct MllpLimits {
  std::size_t frame = std::size_t{16} << 20;  // bytes between VT and FS
  std::size_t junk = 4096;                    // bytes outside of frames before NotMllp is said
};

struct MllpItem {
  enum class Kind : std::uint8_t {
    NeedMore,   // nothing more in what was fed
    Frame,      // `bytes` is one message
    Truncated,  // a frame without FS: `count` bytes dropped, because a new frame began or the stream ended
    TooLong,  // a frame over the limit, said once: `bytes` is its beginning, at most kHead; the rest up to FS
              // is skipped
    NotMllp,  // said once: more junk than a mistake explains, the peer speaks something else (`count` bytes)
  };
  Kind kind = Kind::NeedMore;
  std::string_view bytes;  // Frame, TooLong: valid until the next call of next() or feed()
  std::size_t count = 0;   // Frame: bytes of junk before it
};

// One a connection; one thread. Memory: nothing between frames; within one at most the frame limit (growing
// with what was received, never with what was promised).
class MllpFramer {
 public:
  // Bytes of a frame over the limit that are given out: enough for its header segment.
  static constexpr std::size_t kHead = 4096;

  explicit MllpFramer(MllpLimits limits = {}) noexcept : limits_(limits) {}

  // The bytes must stay valid until next() has said NeedMore; only then feed again. A frame that lies wholly
  // in them is not copied.
  void feed(std::string_view bytes) noexcept { input_ = bytes; }
  MllpItem next();

  // The stream has ended: Truncated if a frame was open, else NeedMore.
  MllpItem finish() noexcept;

  std::size_t buffered() const noexcept { return partial_.size(); }
  bool in_frame() const noexcept { return state_ == State::Frame; }

 private:
  enum class State : std::uint8_t { Between, Frame, Skip };
  MllpItem between();
  MllpItem frame();
  MllpItem too_long(std::size_t end);
  MllpItem skip();
  MllpItem complete(std::string_view content);
  void drop_partial() noexcept;

  MllpLimits limits_;
  State state_ = State::Between;
  bool emitted_partial_ = false;  // the last Frame points into partial_
  bool said_not_mllp_ = false;
  std::size_t junk_ = 0;
  std::size_t pending_junk_ = 0;  // of the frame in hand
  std::string_view input_;
  std::string partial_;
  std::string_view restarted_;  // a frame found behind a truncated one, given out next
};

// Appends <VT> message <FS><CR>.
void append_mllp_frame(std::string& out, std::string_view message);

}  // namespace lienthong::net
