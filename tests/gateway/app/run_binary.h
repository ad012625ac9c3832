#pragma once
// Runs the built program as a process of its own and keeps what it printed.

#include <string>
#include <utility>
#include <vector>

namespace lienthong::test {

struct Ran {
  int code = -1;    // exit code; 128 + signal when it was killed
  std::string out;  // standard output
  std::string err;  // standard error
};

// `environment`: variables on top of the test's own.
Ran run_binary(const std::vector<std::string>& arguments, const std::string& input = {},
               const std::vector<std::pair<std::string, std::string>>& environment = {});

// A folder that is gone when the test ends.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  std::string file(const std::string& name) const { return path_ + '/' + name; }
  // Writes a file into it and returns its path.
  std::string write(const std::string& name, const std::string& content, unsigned mode = 0600) const;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string read_all(const std::string& path);

}  // namespace lienthong::test
