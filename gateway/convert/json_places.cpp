#include "gateway/convert/json_places.h"

#include <utility>

namespace lienthong::convert {
namespace {

// Keeps the open objects and arrays on a stack of its own: depth is bounded by the mapping, not by the call
// stack.
class Walker {
 public:
  explicit Walker(std::string_view json) : json_(json) {}

  std::vector<JsonPlace> walk() {
    while (at_ < json_.size()) step();
    return std::move(places_);
  }

 private:
  struct Level {
    bool is_array = false;
    std::size_t index = 0;
    std::string name;
  };

  void step() {
    const char c = json_[at_];
    if (c == '{' || c == '[') {
      levels_.push_back({c == '[', 0, {}});
      wants_name_ = c == '{';
      ++at_;
    } else if (c == '}' || c == ']') {
      levels_.pop_back();
      ++at_;
    } else if (c == ',') {
      if (levels_.back().is_array) ++levels_.back().index;
      wants_name_ = !levels_.back().is_array;
      ++at_;
    } else if (wants_name_) {
      levels_.back().name = take_string();
      wants_name_ = false;
      ++at_;  // ':'
    } else {
      JsonPlace place;
      place.offset = static_cast<std::uint32_t>(at_);
      place.path = path();
      place.text = c == '"' ? take_string() : take_bare();
      places_.push_back(std::move(place));
    }
  }

  std::string path() const {
    std::string out;
    for (const auto& level : levels_) {
      if (level.is_array)
        out += "[" + std::to_string(level.index) + "]";
      else
        out += (out.empty() ? "" : ".") + level.name;
    }
    return out;
  }

  std::string take_string() {
    std::string out;
    for (++at_; at_ < json_.size() && json_[at_] != '"'; ++at_) {
      if (json_[at_] != '\\') {
        out += json_[at_];
        continue;
      }
      const char c = json_[++at_];
      out += c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
    }
    ++at_;
    return out;
  }

  std::string take_bare() {
    const auto from = at_;
    while (at_ < json_.size() && json_[at_] != ',' && json_[at_] != '}' && json_[at_] != ']') ++at_;
    return std::string(json_.substr(from, at_ - from));
  }

  std::string_view json_;
  std::size_t at_ = 0;
  bool wants_name_ = false;
  std::vector<Level> levels_;
  std::vector<JsonPlace> places_;
};

}  // namespace

std::vector<JsonPlace> json_places(std::string_view json) {
  return Walker(json).walk();
}

}  // namespace lienthong::convert
