#pragma once
// One opened message as the machine sees it: the adapter's record, its character set, where problems go.

#include <string>
#include <string_view>
#include <vector>

#include "adapters/sdk/adapter.h"
#include "gateway/base/arena.h"
#include "gateway/base/problem.h"
#include "gateway/convert/charset.h"
#include "gateway/convert/program_data.h"
#include "gateway/convert/value_text.h"

namespace lienthong::convert {

// A value that the adapter gave, as trimmed UTF-8.
struct SourceValue {
  std::string_view text;     // empty unless it has a value
  bool is_null = false;      // HL7 v2 ""
  char decimal_sign = '\0';  // that of its numbers, where the adapter knows it; \0 = the profile's
  std::uint32_t offset = 0, length = 0;  // in the message
};

// Owned by a converter (and, with memory of its own, by each stream); one message at a time; one thread.
class MessageContext {
 public:
  MessageContext(const ProgramData& program, void* instance);
  MessageContext(const MessageContext&) = delete;
  MessageContext& operator=(const MessageContext&) = delete;

  // Forgets the message before. Problems the adapter raises go to `sink` from now on.
  void reset(ProblemSink& sink) noexcept;
  void set_sink(ProblemSink& sink) noexcept { sink_ = &sink; }
  void set_record(void* record) noexcept { record_ = record; }
  // Every value is decoded.
  void set_charset(Charset charset) noexcept;
  // Only what needs it. `message`: its bytes, with padding behind them.
  void set_charset(Charset charset, std::string_view message) noexcept;

  const lt_host& host() const noexcept { return host_; }
  void* instance() const noexcept { return instance_; }
  void* record() const noexcept { return record_; }
  const lt_adapter& adapter() const noexcept { return *adapter_; }
  Arena& arena() noexcept { return arena_; }
  ProblemSink& sink() noexcept { return *sink_; }

  // Plans of the adapter's instance, one for each of ProgramData::places; empty when it makes none.
  void set_plans(const std::vector<void*>& plans) noexcept { plans_ = &plans; }
  const void* plan(std::uint32_t kind) const noexcept {
    return plans_ == nullptr || plans_->empty() ? nullptr : (*plans_)[kind];
  }

  // A value as trimmed UTF-8, asked from the adapter.
  SourceValue read(lt_node node, lt_path path) noexcept;
  // That of the numbers of a value with these flags, where the adapter knows it; \0 = the profile's.
  static char decimal_sign_of(std::uint32_t flags) noexcept {
    if ((flags & (LT_VALUE_PLAIN_NUMBER | LT_VALUE_NO_NUMBER)) == 0) return '\0';
    return (flags & LT_VALUE_NO_NUMBER) != 0 ? kNoNumber : '.';
  }
  // Whether a fetched value is what read() would give as it stands: text that needs no decoding and begins
  // and ends with no blank. False may be wrong.
  bool is_settled(const lt_value& value) const noexcept {
    const auto* const text = value.text.data;
    const auto size = value.text.size;
    if (value.presence != LT_VALUE || (value.flags & LT_VALUE_ASK) != 0 || size == 0) return false;
    if (static_cast<unsigned char>(text[0]) <= ' ' || static_cast<unsigned char>(text[size - 1]) <= ' ')
      return false;
    return is_clean_ || (value.flags & LT_VALUE_UTF8) != 0 || is_within_readable({text, size});
  }
  // Whether the message is text as it is: no value of it needs decoding.
  bool is_readable() const noexcept { return is_clean_ || !readable_.empty(); }
  // Makes a fetched value what read() would give: its text trimmed UTF-8, empty unless it has a value.
  void settle(lt_node node, lt_path path, lt_value& value) noexcept;
  std::size_t count(lt_node node, lt_path path) noexcept { return adapter_->count(record_, node, path); }
  lt_node child(lt_node node, lt_path path, std::size_t i) noexcept {
    return adapter_->child(record_, node, path, i);
  }
  std::string place(lt_node node, lt_path path) noexcept;

  // Decodes text that came with an envelope or each_value.
  std::string_view decoded(lt_text text) noexcept;

 private:
  static void* allocate(void* context, size_t size, size_t align);
  static void take_problem(void* context, const lt_problem* problem);
  static lt_status decode_inner(void* context, lt_text charset, lt_text bytes, lt_text* utf8);
  bool is_fine(std::string_view bytes) const noexcept;
  // A part of UTF-8 text that begins and ends with a character. Delimiters beyond ASCII, which some senders
  // declare, cut through characters.
  bool is_within_readable(std::string_view bytes) const noexcept {
    const auto is_inner = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; };
    const auto from = static_cast<std::size_t>(bytes.data() - readable_.data());
    return from < readable_.size() && !bytes.empty() && bytes.size() <= readable_.size() - from &&
           !is_inner(bytes.front()) && !is_inner(bytes.data()[bytes.size()]);
  }
  std::string_view decode_value(std::string_view bytes, lt_node node, lt_path path,
                                std::uint32_t offset) noexcept;

  const lt_adapter* adapter_;
  std::string adapter_name_;
  void* instance_;
  void* record_ = nullptr;
  lt_host host_{};
  Arena arena_;
  ProblemSink* sink_ = nullptr;
  Charset charset_ = Charset::Utf8;
  bool is_clean_ = true;       // the message is ASCII throughout, so values need no decoding
  std::string_view readable_;  // the message, when it is UTF-8 throughout; else empty
  const std::vector<void*>* plans_ = nullptr;
  static constexpr std::size_t kMostDamaged = 64;
  std::vector<std::uint32_t> damaged_;  // offsets: a damaged value is reported once, however often it is read
};

}  // namespace lienthong::convert
