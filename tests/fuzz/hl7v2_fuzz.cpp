// Fuzz target: any bytes, framed in pieces, opened, asked for everything, answered.
// Built with the adapter's sources: -fsanitize=fuzzer,address,undefined adapters/hl7v2/*.cpp
// tests/fuzz/hl7v2_fuzz.cpp

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "adapters/sdk/adapter.h"

namespace {

struct Memory {
  std::vector<std::unique_ptr<std::max_align_t[]>> blocks;
};

void* allocate(void* context, std::size_t size, std::size_t) {
  auto& blocks = static_cast<Memory*>(context)->blocks;
  blocks.push_back(std::make_unique<std::max_align_t[]>(size / sizeof(std::max_align_t) + 1));
  return blocks.back().get();
}
void hear(void*, const lt_problem*) {}
lt_status decode(void*, lt_text, lt_text bytes, lt_text* utf8) {
  *utf8 = bytes;
  return LT_OK;
}

constexpr std::string_view kPaths[] = {"MSH-9.1",
                                       "PID-3",
                                       "PID-3[2].4.2",
                                       "OBX-5.1",
                                       "NTE",
                                       "OBX",
                                       "PATIENT_RESULT/ORDER_OBSERVATION",
                                       "ORDER",
                                       "OBSERVATION",
                                       "PATIENT/VISIT",
                                       "INSURANCE",
                                       "BHS-4",
                                       "ZZZ-1"};

void ask(const lt_adapter& hl7, void* instance, const lt_host& host, void* record) {
  lt_envelope envelope{};
  envelope.struct_size = sizeof(envelope);
  hl7.envelope(record, &host, &envelope);
  for (const std::string_view text : kPaths) {
    lt_path path = 0;
    lt_text nearest{};
    if (hl7.resolve(instance, &host, 0, {text.data(), text.size()}, &path, &nearest) != LT_OK) std::abort();
    lt_value value{};
    hl7.get(record, &host, LT_ROOT, path, &value);
    hl7.place(record, &host, LT_ROOT, path);
    const std::size_t count = hl7.count(record, LT_ROOT, path);
    for (std::size_t i = 0; i < count && i < 50; ++i) {
      const lt_node node = hl7.child(record, LT_ROOT, path, i);
      hl7.get(record, &host, node, 0, &value);
      hl7.place(record, &host, node, 0);
    }
  }
  hl7.each_value(record, &host, [](void*, lt_text, lt_text, const lt_value*) {}, nullptr);
}

void open_and_answer(const lt_adapter& hl7, void* instance, const lt_host& host, void* stream,
                     lt_text message) {
  const std::unique_ptr<char[]> padded(new char[message.size + LT_PADDING]());
  if (message.size != 0) std::memcpy(padded.get(), message.data, message.size);
  const lt_text bytes{padded.get(), message.size};
  void* record = nullptr;
  if (hl7.open(instance, stream, &host, bytes, &record) == LT_OK) ask(hl7, instance, host, record);
  lt_answer_request request{};
  request.struct_size = sizeof(request);
  request.kind = LT_ERRORS;
  request.message = bytes;
  const lt_reported problem{sizeof(lt_reported), LT_ERROR, 101, 0, {"PID[1]-3", 8}, message};
  request.problems = &problem;
  request.problem_count = 1;
  lt_text answer{};
  if (hl7.acknowledge(instance, &host, &request, &answer) != LT_OK) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const lt_adapter& hl7 = *lt_adapter_entry(LT_ABI_MAJOR, LT_ABI_MINOR);
  Memory memory;
  const lt_host host{sizeof(lt_host), LT_ABI_MINOR, &memory, allocate, hear, decode};
  void* instance = nullptr;
  void* stream = nullptr;
  if (hl7.create(&host, nullptr, 0, &instance) != LT_OK) std::abort();
  if (hl7.stream_open(instance, &host, &stream) != LT_OK) std::abort();
  const char* begin = reinterpret_cast<const char*>(data);
  open_and_answer(hl7, instance, host, nullptr, {begin, size});
  std::size_t from = 0;
  std::size_t to = 0;
  for (lt_status status = LT_OK; status != LT_END;) {
    std::size_t consumed = 0;
    lt_text message{};
    status = hl7.frame(instance, stream, &host, {begin + from, to - from}, to == size ? 1 : 0, &consumed,
                       &message);
    if (status == LT_OK) open_and_answer(hl7, instance, host, stream, message);
    if (status == LT_NEED_MORE && to == size) std::abort();
    if (status == LT_NEED_MORE) to += size - to < 7 ? size - to : 7;
    from += consumed;
  }
  hl7.stream_close(instance, stream);
  hl7.destroy(instance);
  return 0;
}
