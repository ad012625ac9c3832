#pragma once
// The adapter on generated dossiers: cut, opened, asked.

#include <string>
#include <vector>

#include "adapters/bhyt/problems.h"
#include "tests/adapters/test_host.h"
#include "tests/support/dossiers/dossier.h"

namespace lienthong::test {

using bhyt::ProblemNumber;

// What cutting a file gave.
struct Cut {
  std::vector<std::string> messages;
  std::vector<HeardProblem> problems;
  std::size_t malformed = 0;

  bool heard(ProblemNumber problem) const {
    for (const auto& one : problems) {
      if (one.number == bhyt::number(problem)) return true;
    }
    return false;
  }
};

// A stream of an adapter; closed with it.
class OpenStream {
 public:
  explicit OpenStream(Adapter& adapter) : adapter_(adapter) {
    REQUIRE(adapter.table().stream_open(adapter.instance(), adapter.host().host(), &stream_) == LT_OK);
  }
  ~OpenStream() { adapter_.table().stream_close(adapter_.instance(), stream_); }
  OpenStream(const OpenStream&) = delete;
  OpenStream& operator=(const OpenStream&) = delete;
  void* get() const { return stream_; }

 private:
  Adapter& adapter_;
  void* stream_ = nullptr;
};

// `step`: bytes that arrive at once; 0 = all.
inline Cut cut(Adapter& adapter, std::string_view file, std::size_t step = 0) {
  adapter.host().problems.clear();
  const OpenStream stream(adapter);
  Cut made;
  std::size_t from = 0, to = step == 0 ? file.size() : 0;
  for (;;) {
    const std::string bytes(file.substr(from, to - from));  // ends where the sanitizer sees it
    std::size_t consumed = 0;
    lt_text message{};
    const auto status = adapter.table().frame(adapter.instance(), stream.get(), adapter.host().host(),
                                              txt(bytes), to == file.size() ? 1 : 0, &consumed, &message);
    REQUIRE(consumed <= bytes.size());
    if (status == LT_END) break;
    if (status == LT_OK) made.messages.push_back(str(message));
    if (status == LT_MALFORMED) ++made.malformed;
    if (status == LT_NEED_MORE) {
      REQUIRE(to < file.size());
      to = std::min(file.size(), to + step);
    }
    from += consumed;
  }
  made.problems = adapter.host().problems;
  return made;
}

}  // namespace lienthong::test
