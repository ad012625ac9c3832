#pragma once
// How the commands of this machine speak to the running gateway: a socket in its data folder, which only who
// may read the database can open. One call at a time.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "gateway/base/result.h"

namespace lienthong::app {

// DATA_DIR/control.
std::string control_path(const std::string& data_dir);

// Answers calls on a thread of its own until it is destroyed; a call in hand is ended first.
class ControlServer {
 public:
  // A call's words; `say` sends a line to the caller. Returns the caller's exit code.
  using Say = std::function<void(std::string_view line)>;
  using Handle = std::function<int(const std::vector<std::string>& words, const Say& say)>;

  // Incorrect (LT-9104) when the socket cannot be made.
  static Result<std::unique_ptr<ControlServer>> open(const std::string& path, Handle handle);
  ~ControlServer();
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;

 private:
  ControlServer(std::string path, int listener, int wake, Handle handle);
  void run();
  void serve(int connection);

  const std::string path_;
  const int listener_, wake_;
  const Handle handle_;
  std::thread thread_;
};

// Sends the words and gives each line of the answer to `line`; the exit code. Nothing when no gateway runs on
// that data folder. Words hold no line ends. Blocking.
std::optional<int> call_gateway(const std::string& path, const std::vector<std::string>& words,
                                const std::function<void(std::string_view)>& line);

}  // namespace lienthong::app
