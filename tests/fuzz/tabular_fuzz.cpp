// Fuzz target: any bytes as a table, framed in pieces and as a whole, opened, asked for everything. The first
// byte chooses the options.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "adapters/sdk/adapter.h"

namespace {

using Blocks = std::vector<std::unique_ptr<std::max_align_t[]>>;

void* allocate(void* context, std::size_t size, std::size_t) {
  auto& blocks = *static_cast<Blocks*>(context);
  blocks.push_back(std::make_unique<std::max_align_t[]>(size / sizeof(std::max_align_t) + 1));
  return blocks.back().get();
}
void hear(void*, const lt_problem*) {}
lt_status decode(void*, lt_text, lt_text bytes, lt_text* utf8) {
  *utf8 = bytes;
  return LT_OK;
}
constexpr lt_text text(std::string_view view) {
  return {view.data(), view.size()};
}

constexpr std::string_view kPaths[] = {"row", "a", "b", "c[2]"};
constexpr lt_option kPlain[] = {{text("columns"), text("a\nb\nc")},
                                {text("numbers"), text("b = 1.234,5")},
                                {text("times"), text("c = d/M/yyyy HH:mm | yyyy")}};
constexpr lt_option kGrouped[] = {{text("group_by"), text("a")}, {text("max_rows"), text("3")}};
constexpr lt_option kPositions[] = {{text("columns"), text("a\nb")},
                                    {text("header"), text("none")},
                                    {text("max_row_bytes"), text("64")},
                                    {text("short_rows"), text("fill")}};

void ask(const lt_adapter& table, void* instance, const lt_host& host, void* record) {
  lt_envelope envelope{};
  envelope.struct_size = sizeof(envelope);
  table.envelope(record, &host, &envelope);
  for (const std::string_view name : kPaths) {
    lt_path path = 0;
    lt_text nearest{};
    if (table.resolve(instance, &host, 0, text(name), &path, &nearest) != LT_OK) continue;
    const std::size_t count = table.count(record, LT_ROOT, path);
    for (std::size_t i = 0; i < count && i < 50; ++i) {
      const lt_node node = table.child(record, LT_ROOT, path, i);
      lt_value value{};
      for (lt_path own = 0; own < 6; ++own) table.get(record, &host, node, own, &value);
      table.place(record, &host, node, 0);
    }
  }
  table.each_value(record, &host, [](void*, lt_text, lt_text, const lt_value*) {}, nullptr);
}

void open_one(const lt_adapter& table, void* instance, const lt_host& host, void* stream, lt_text message) {
  const std::unique_ptr<char[]> padded(new char[message.size + LT_PADDING]());
  if (message.size != 0) std::memcpy(padded.get(), message.data, message.size);
  void* record = nullptr;
  if (table.open(instance, stream, &host, {padded.get(), message.size}, &record) == LT_OK)
    ask(table, instance, host, record);
}

std::vector<std::size_t> cut(const lt_adapter& table, void* instance, const lt_host& host, const char* data,
                             std::size_t size, std::size_t step, bool opens) {
  void* stream = nullptr;
  if (table.stream_open(instance, &host, &stream) != LT_OK) std::abort();
  std::vector<std::size_t> sizes;
  std::size_t from = 0, to = 0;
  for (lt_status status = LT_OK; status != LT_END;) {
    std::size_t consumed = 0;
    lt_text message{};
    const std::unique_ptr<char[]> exact(new char[to - from + 1]);
    if (to > from) std::memcpy(exact.get(), data + from, to - from);
    status = table.frame(instance, stream, &host, {exact.get(), to - from}, to == size ? 1 : 0, &consumed,
                         &message);
    if (status == LT_OK) sizes.push_back(message.size);
    if (status == LT_OK && opens) open_one(table, instance, host, stream, message);
    if (status == LT_NEED_MORE && to == size) std::abort();
    if (status == LT_NEED_MORE) to += size - to < step ? size - to : step;
    from += consumed;
  }
  table.stream_close(instance, stream);
  return sizes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const lt_adapter& table = *lt_adapter_entry(LT_ABI_MAJOR, LT_ABI_MINOR);
  Blocks memory;
  const lt_host host{sizeof(lt_host), LT_ABI_MINOR, &memory, allocate, hear, decode};
  void* instance = nullptr;
  const lt_option* options = data[0] % 3 == 0 ? kPlain : data[0] % 3 == 1 ? kGrouped : kPositions;
  const std::size_t count = data[0] % 3 == 0 ? 3 : data[0] % 3 == 1 ? 2 : 4;
  if (table.create(&host, options, count, &instance) != LT_OK) std::abort();
  const char* begin = reinterpret_cast<const char*>(data) + 1;
  open_one(table, instance, host, nullptr, {begin, size - 1});
  const auto whole = cut(table, instance, host, begin, size - 1, size, true);
  if (cut(table, instance, host, begin, size - 1, 5, false) != whole) std::abort();
  table.destroy(instance);
  return 0;
}
