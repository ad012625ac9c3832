#pragma once
// What a source may ask of intake: take one message and say what became of it. The only thing sources know of
// it.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/ids.h"
#include "gateway/base/move_function.h"
#include "gateway/base/problem.h"
#include "gateway/base/result.h"

namespace lienthong::intake {

// What became of a message (docs: "fate"). Busy is none: nothing was kept, the sender must try again.
enum class Fate : std::uint8_t { Stored, Refused, Quarantined, Busy };

struct Outcome {
  Fate fate = Fate::Stored;
  bool of_whole = false;   // says something of the body or file as a whole, not of one of its messages
  bool duplicate = false;  // answered as before, without effect (semantics 21)
  MessageNumber number;    // of the message, or of the one it repeats; zero when Busy
  // What to say to the sender in its own format; empty = say nothing. With Busy and an empty answer the
  // source closes the connection (HTTP: 503).
  std::string answer;
  std::vector<Problem> problems;
};

using Completion = MoveFunction<void(Outcome)>;

// Where the bytes of a body or file come from, piece by piece, so that one of any size takes little memory.
class ByteSupply {
 public:
  virtual ~ByteSupply() = default;
  // Writes at most `space` bytes to `into`; how many, 0 at the end. An Error ends the taking.
  virtual Result<std::size_t> read(char* into, std::size_t space) = 0;
  // Back to the first byte. False: it cannot; then what only the end of a file tells comes too late for its
  // messages (semantics 15: they remove nothing).
  virtual bool rewind() { return false; }
};

// A body or file with many messages.
struct FileTake {
  std::unique_ptr<ByteSupply> bytes;
  std::size_t skip = 0;  // its first messages, which were taken before: they are cut, not taken
  // The fate of message `index` (from 0; what is no message counts). Not always in their order.
  MoveFunction<void(std::size_t index, Outcome)> each;
  // Once, after the last `each`: how reading ended, and what was said of the file as a whole.
  MoveFunction<void(Result<void>, std::vector<Problem>)> done;
};

// One a source. `worker` is the index of the io thread it is called on; each has its own converter.
class Taker {
 public:
  virtual ~Taker() = default;

  // Takes one message. The bytes are needed only during the call. `completion` is called exactly once, on the
  // same io thread: during the call (nothing had to be written) or later, when the fate is on disk. Messages
  // of one io thread enter the writer's queue in the order of the calls.
  virtual void take(unsigned worker, std::string_view message, Completion completion) = 0;

  // A message of which only the beginning is there, because it is longer than the source takes: that is kept,
  // refused and answered as such. Otherwise as take().
  virtual void take_beginning(unsigned worker, std::string_view beginning, Completion completion) = 0;

  // Takes all messages of a body in its order; `completion` gets the outcome of each, and a last one of the
  // body as a whole where there is something to say of it, as when it holds no message at all. `owner` keeps
  // `bytes` until then.
  virtual void take_all(unsigned worker, std::string_view bytes, std::shared_ptr<const void> owner,
                        MoveFunction<void(std::vector<Outcome>)> completion) = 0;

  // The same, piece by piece: at most 256 messages, or 4 MiB of them, wait for the disk, and the bytes held
  // are those of the largest message. After a Busy outcome nothing more is read. Where the format needs to
  // know the end first, the file is read twice.
  virtual void take_file(unsigned worker, FileTake take) = 0;
};

}  // namespace lienthong::intake
