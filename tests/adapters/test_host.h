#pragma once
// A small host for testing adapters: loads the built module as the gateway does and keeps what it is told.

#include <dlfcn.h>

#include <catch2/catch.hpp>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sdk/adapter.h"

namespace lienthong::test {

inline std::string str(lt_text text) {
  return text.size == 0 ? std::string() : std::string(text.data, text.size);
}
inline lt_text txt(std::string_view text) {
  return {text.data(), text.size()};
}

struct HeardProblem {
  std::uint32_t number;
  lt_severity severity;
  std::uint32_t offset;
  std::string where, value;
  std::vector<std::string> arguments;
};

// Memory that is zeroed, bounded, and given back as a whole; problems as they were told.
class TestHost {
 public:
  explicit TestHost(std::size_t limit = std::size_t{1} << 30) : limit_(limit) {
    host_ = {sizeof(lt_host), LT_ABI_MINOR, this, allocate, problem, decode};
  }
  TestHost(const TestHost&) = delete;
  TestHost& operator=(const TestHost&) = delete;

  const lt_host* host() const { return &host_; }
  std::vector<HeardProblem> problems;
  bool heard(std::uint32_t number) const {
    for (const HeardProblem& one : problems) {
      if (one.number == number) return true;
    }
    return false;
  }
  void forget() {
    blocks_.clear();
    used_ = 0;
  }
  void set_limit(std::size_t limit) { limit_ = limit; }

 private:
  static void* allocate(void* context, std::size_t size, std::size_t align) {
    auto* self = static_cast<TestHost*>(context);
    if (size > self->limit_ - self->used_ || align > alignof(std::max_align_t)) return nullptr;
    self->used_ += size;
    self->blocks_.push_back(std::make_unique<std::max_align_t[]>(size / sizeof(std::max_align_t) + 1));
    // Value-initialised long doubles keep six bytes of padding each as they were.
    return std::memset(static_cast<void*>(self->blocks_.back().get()), 0, size);
  }
  static void problem(void* context, const lt_problem* p) {
    HeardProblem heard{p->number, p->severity, p->offset, str(p->where), str(p->value), {}};
    for (std::size_t i = 0; i < p->argument_count; ++i) heard.arguments.push_back(str(p->arguments[i]));
    static_cast<TestHost*>(context)->problems.push_back(std::move(heard));
  }
  static lt_status decode(void*, lt_text, lt_text bytes, lt_text* utf8) {
    *utf8 = bytes;
    return LT_OK;
  }

  lt_host host_{};
  std::size_t limit_;
  std::size_t used_ = 0;
  std::vector<std::unique_ptr<std::max_align_t[]>> blocks_;
};

// The module as it was built; never unloaded.
inline const lt_adapter* load_adapter(const std::string& name) {
  const std::string file = std::string(LIENTHONG_BUILD) + "/lib/lienthong/adapters/" + name + ".so";
  void* module = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  INFO((module == nullptr ? dlerror() : "loaded"));
  REQUIRE(module != nullptr);
  const auto entry = reinterpret_cast<lt_adapter_entry_function>(dlsym(module, "lt_adapter_entry"));
  REQUIRE(entry != nullptr);
  const lt_adapter* adapter = entry(LT_ABI_MAJOR, LT_ABI_MINOR);
  REQUIRE(adapter != nullptr);
  return adapter;
}

// Bytes with LT_PADDING zero bytes behind them, on the heap so that a sanitizer sees where they end.
class Padded {
 public:
  explicit Padded(std::string_view bytes)
      : size_(bytes.size()), bytes_(new char[bytes.size() + LT_PADDING]()) {
    if (!bytes.empty()) std::memcpy(bytes_.get(), bytes.data(), bytes.size());
  }
  lt_text text() const { return {bytes_.get(), size_}; }

 private:
  std::size_t size_;
  std::unique_ptr<char[]> bytes_;
};

using Options = std::vector<std::pair<std::string, std::string>>;

// An instance with its host.
class Adapter {
 public:
  explicit Adapter(const std::string& name, const Options& options = {}) : table_(load_adapter(name)) {
    std::vector<lt_option> raw;
    for (const auto& [key, value] : options) raw.push_back({txt(key), txt(value)});
    status_ = table_->create(host_.host(), raw.data(), raw.size(), &instance_);
  }
  ~Adapter() {
    if (instance_ != nullptr) table_->destroy(instance_);
  }
  Adapter(const Adapter&) = delete;
  Adapter& operator=(const Adapter&) = delete;

  const lt_adapter& table() const { return *table_; }
  void* instance() const { return instance_; }
  lt_status status() const { return status_; }
  TestHost& host() { return host_; }

  lt_path path(std::string_view text, lt_path context = 0) {
    lt_path out = 0;
    lt_text nearest{};
    INFO("path " << text);
    REQUIRE(table_->resolve(instance_, host_.host(), context, txt(text), &out, &nearest) == LT_OK);
    return out;
  }
  // The suggestion for a path that does not exist; "!" when it does exist.
  std::string nearest(std::string_view text, lt_path context = 0) {
    lt_path out = 0;
    lt_text similar{};
    const lt_status status = table_->resolve(instance_, host_.host(), context, txt(text), &out, &similar);
    return status == LT_NOT_FOUND ? str(similar) : "!";
  }

 private:
  const lt_adapter* table_;
  TestHost host_;
  void* instance_ = nullptr;
  lt_status status_ = LT_FAULT;
};

// One opened message and questions to it.
class Opened {
 public:
  Opened(Adapter& adapter, std::string_view message, void* stream = nullptr)
      : adapter_(adapter), bytes_(message) {
    adapter.host().problems.clear();
    status_ = table().open(adapter.instance(), stream, adapter.host().host(), bytes_.text(), &record_);
  }

  lt_status status() const { return status_; }
  void* record() const { return record_; }
  lt_text bytes() const { return bytes_.text(); }

  lt_value value(lt_node node, lt_path path) {
    lt_value out{};
    REQUIRE(table().get(record_, adapter_.host().host(), node, path, &out) == LT_OK);
    return out;
  }
  std::string get(std::string_view path) { return str(value(LT_ROOT, adapter_.path(path)).text); }
  std::string get(lt_node node, std::string_view path, lt_path context) {
    return str(value(node, adapter_.path(path, context)).text);
  }
  lt_presence presence(std::string_view path) { return value(LT_ROOT, adapter_.path(path)).presence; }
  std::size_t count(std::string_view path) { return table().count(record_, LT_ROOT, adapter_.path(path)); }
  std::size_t count(lt_node node, std::string_view path, lt_path context) {
    return table().count(record_, node, adapter_.path(path, context));
  }
  lt_node child(std::string_view path, std::size_t i) {
    return table().child(record_, LT_ROOT, adapter_.path(path), i);
  }
  lt_node child(lt_node node, std::string_view path, lt_path context, std::size_t i) {
    return table().child(record_, node, adapter_.path(path, context), i);
  }
  std::string place(lt_node node, lt_path path) {
    return str(table().place(record_, adapter_.host().host(), node, path));
  }
  std::string place(std::string_view path) { return place(LT_ROOT, adapter_.path(path)); }
  lt_envelope envelope() {
    lt_envelope out{};
    out.struct_size = sizeof(out);
    REQUIRE(table().envelope(record_, adapter_.host().host(), &out) == LT_OK);
    return out;
  }

  struct Told {
    std::string place, path, text;
    lt_value value;
  };
  std::vector<Told> values() {
    std::vector<Told> all;
    const auto hear = [](void* context, lt_text place, lt_text path, const lt_value* value) {
      static_cast<std::vector<Told>*>(context)->push_back({str(place), str(path), str(value->text), *value});
    };
    REQUIRE(table().each_value(record_, adapter_.host().host(), hear, &all) == LT_OK);
    return all;
  }

 private:
  const lt_adapter& table() const { return adapter_.table(); }

  Adapter& adapter_;
  Padded bytes_;
  void* record_ = nullptr;
  lt_status status_;
};

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Cuts `bytes`, arriving `step` at a time, into messages.
inline std::vector<std::string> frames(Adapter& adapter, std::string_view bytes, std::size_t step) {
  const lt_adapter& table = adapter.table();
  void* stream = nullptr;
  REQUIRE(table.stream_open(adapter.instance(), adapter.host().host(), &stream) == LT_OK);
  std::vector<std::string> found;
  std::size_t begin = 0;
  std::size_t end = 0;
  for (;;) {
    std::size_t consumed = 0;
    lt_text message{};
    const lt_text window = txt(bytes.substr(begin, end - begin));
    const lt_status status = table.frame(adapter.instance(), stream, adapter.host().host(), window,
                                         end == bytes.size() ? 1 : 0, &consumed, &message);
    if (status == LT_OK) found.push_back(str(message));
    begin += consumed;
    if (status == LT_NEED_MORE) end = std::min(bytes.size(), end + step);
    if (status == LT_END) break;
    if (status == LT_NEED_MORE && consumed == 0 && end - begin == window.size)
      break;  // would never end: the caller's check fails
  }
  table.stream_close(adapter.instance(), stream);
  return found;
}

}  // namespace lienthong::test
