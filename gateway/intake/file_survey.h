#pragma once
// A file read to its end before its first message is taken: whether it is whole and free of errors is known
// only there, and only then may what it does not list be taken as removed. Source: docs/semantics.md rule 15.

#include <cstddef>
#include <memory>

#include "gateway/intake/file_window.h"
#include "gateway/intake/worker.h"

namespace lienthong::intake {

// Cuts the file and opens each message, as taking it will; converts and keeps nothing. One thread. Memory:
// that of the window, whatever the file's size.
class FileSurvey {
 public:
  // `worker`, `reading`, `supply` and `window` outlive it; the window is empty.
  FileSurvey(Worker& worker, const Worker::Reading& reading, ByteSupply& supply, FileWindow& window);

  // Reads on, about `bytes`; true when nothing is left to be read.
  bool advance(std::size_t bytes);

  // At the end: the file was read to its end without an error, and each of its messages could be opened.
  bool is_clean() const noexcept { return is_clean_ && reached_end_; }
  const convert::MessageStream& stream() const noexcept { return *stream_; }

 private:
  bool step();
  bool read_more();

  Worker& worker_;
  const Worker::Reading& reading_;
  ByteSupply& supply_;
  FileWindow& window_;
  std::unique_ptr<convert::MessageStream> stream_;
  std::size_t read_ = 0;
  bool is_clean_ = true;
  bool reached_end_ = false;
};

}  // namespace lienthong::intake
