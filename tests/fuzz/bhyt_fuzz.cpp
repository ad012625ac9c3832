// Fuzz target: any bytes as insurance XML, framed in pieces, opened, asked for everything.
// Built with the adapter's sources: -fsanitize=fuzzer,address,undefined adapters/bhyt/*.cpp
// tests/fuzz/bhyt_fuzz.cpp

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sdk/adapter.h"

namespace {

struct Free {
  void operator()(void* bytes) const { std::free(bytes); }
};

struct Memory {
  std::vector<std::unique_ptr<void, Free>> blocks;

  static void* allocate(void* context, std::size_t size, std::size_t) {
    auto& blocks = static_cast<Memory*>(context)->blocks;
    blocks.emplace_back(std::calloc(1, size + 1));
    return blocks.back().get();
  }
};

void hear(void*, const lt_problem*) {}
lt_status decode(void*, lt_text, lt_text bytes, lt_text* utf8) {
  *utf8 = bytes;
  return LT_OK;
}

constexpr std::string_view kPaths[] = {"XML1/HO_TEN", "XML1/MA_THE_BHYT", "XML2",      "XML3",
                                       "XML5",        "XML4[MA_DICH_VU]", "HOSO/XML2", "HOSO/CO_XML6",
                                       "HOSO/NGAYLAP"};

struct Asking {
  const lt_adapter& bhyt;
  void* instance;
  const lt_host& host;

  void ask(void* record) const {
    lt_envelope envelope{};
    envelope.struct_size = sizeof(envelope);
    bhyt.envelope(record, &host, &envelope);
    for (const std::string_view text : kPaths) {
      lt_path path = 0;
      lt_text nearest{};
      if (bhyt.resolve(instance, &host, 0, {text.data(), text.size()}, &path, &nearest) != LT_OK)
        std::abort();
      lt_value value{};
      bhyt.get(record, &host, LT_ROOT, path, &value);
      bhyt.place(record, &host, LT_ROOT, path);
      const auto count = std::min<std::size_t>(bhyt.count(record, LT_ROOT, path), 50);
      for (std::size_t i = 0; i < count; ++i) {
        const lt_node node = bhyt.child(record, LT_ROOT, path, i);
        bhyt.get(record, &host, node, 0, &value);
        bhyt.place(record, &host, node, 0);
      }
    }
    bhyt.each_value(record, &host, [](void*, lt_text, lt_text, const lt_value*) {}, nullptr);
  }

  void open(void* stream, lt_text message) const {
    const std::unique_ptr<char[]> padded(new char[message.size + LT_PADDING]());
    if (message.size != 0) std::memcpy(padded.get(), message.data, message.size);
    void* record = nullptr;
    if (bhyt.open(instance, stream, &host, {padded.get(), message.size}, &record) == LT_OK) ask(record);
  }
};

// Cuts the file as it arrives, `step` bytes at once, and opens each message in its stream and as it is kept.
void read_all(const Asking& asking, void* stream, std::string_view file, std::size_t step) {
  std::size_t from = 0;
  std::size_t to = 0;
  for (lt_status status = LT_OK; status != LT_END;) {
    const std::vector<char> window(file.data() + from, file.data() + to);
    std::size_t consumed = 0;
    lt_text message{};
    status = asking.bhyt.frame(asking.instance, stream, &asking.host, {window.data(), window.size()},
                               to == file.size() ? 1 : 0, &consumed, &message);
    if (status == LT_OK) {
      asking.open(stream, message);
      lt_text before{};
      if (asking.bhyt.preamble(asking.instance, stream, &asking.host, &before) != LT_OK) std::abort();
      std::string kept(before.data == nullptr ? "" : before.data, before.size);
      kept.append(message.data, message.size);
      asking.open(nullptr, {kept.data(), kept.size()});
    }
    if (status == LT_NEED_MORE && to == file.size()) std::abort();
    if (status == LT_NEED_MORE) to += std::min<std::size_t>(file.size() - to, step);
    from += consumed;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const lt_adapter& bhyt = *lt_adapter_entry(LT_ABI_MAJOR, LT_ABI_MINOR);
  Memory memory;
  const lt_host host{sizeof(lt_host), LT_ABI_MINOR, &memory, Memory::allocate, hear, decode};
  void* instance = nullptr;
  void* stream = nullptr;
  if (bhyt.create(&host, nullptr, 0, &instance) != LT_OK) std::abort();
  if (bhyt.stream_open(instance, &host, &stream) != LT_OK) std::abort();
  const Asking asking{bhyt, instance, host};
  const char* begin = reinterpret_cast<const char*>(data);
  asking.open(nullptr, {begin, size});
  read_all(asking, stream, {begin, size}, 61);
  // Read again with what its end told, as intake does.
  void* whole = stream;
  if (bhyt.stream_open(instance, &host, &stream) != LT_OK) std::abort();
  if (bhyt.foresee(instance, stream, whole, size % 2 == 0 ? 1 : 0) != LT_OK) std::abort();
  bhyt.stream_close(instance, whole);
  read_all(asking, stream, {begin, size}, 4096);
  bhyt.stream_close(instance, stream);
  bhyt.destroy(instance);
  return 0;
}
