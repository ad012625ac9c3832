#pragma once
// Internal to net: bytes that wait to be sent. Small ones are gathered, large ones kept as they came.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lienthong::net {

class OutQueue {
 public:
  void append(std::string_view bytes);
  void append(std::string&& bytes);
  void append(std::shared_ptr<const std::string> bytes);
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  // The first unsent pieces, at most `count`. Returns how many.
  std::size_t front(std::string_view* pieces, std::size_t count) const noexcept;
  void consume(std::size_t bytes);
  void clear() noexcept;

 private:
  static constexpr std::size_t kGathered = std::size_t{64} << 10;
  static constexpr std::size_t kCopied = std::size_t{8}
                                         << 10;  // cheaper copied than sent as a piece of its own
  static constexpr std::size_t kKept = 2'048;    // what an idle connection keeps for its next answer
  struct Piece {
    std::string owned;
    std::shared_ptr<const std::string> shared;
    std::string_view view() const noexcept {
      return shared ? std::string_view(*shared) : std::string_view(owned);
    }
  };
  std::vector<Piece> pieces_;
  std::size_t first_ = 0;   // pieces before it are sent
  std::size_t offset_ = 0;  // sent bytes of pieces_[first_]
  std::size_t size_ = 0;
};

}  // namespace lienthong::net
