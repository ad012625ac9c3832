#include "gateway/convert/message_context.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "gateway/convert/error_numbers.h"

namespace lienthong::convert {
namespace {

std::string_view view_of(lt_text text) noexcept {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}

bool is_space(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

MessageContext::MessageContext(const ProgramData& program, void* instance)
    : adapter_(program.adapter->functions), adapter_name_(program.adapter->name), instance_(instance) {
  host_.struct_size = sizeof host_;
  host_.abi_minor = LT_ABI_MINOR;
  host_.context = this;
  host_.allocate = &MessageContext::allocate;
  host_.problem = &MessageContext::take_problem;
  host_.decode = &MessageContext::decode_inner;
}

void MessageContext::reset(ProblemSink& sink) noexcept {
  arena_.reset();
  record_ = nullptr;
  sink_ = &sink;
  charset_ = Charset::Utf8;
  is_clean_ = true;
  readable_ = {};
  damaged_.clear();
}

void MessageContext::set_charset(Charset charset) noexcept {
  charset_ = charset;
  is_clean_ = false;
  readable_ = {};
}

void MessageContext::set_charset(Charset charset, std::string_view message) noexcept {
  charset_ = charset;
  is_clean_ = is_ascii(message);
  const bool is_whole =
      !is_clean_ && (charset == Charset::Utf8 || charset == Charset::Ascii) && is_utf8(message);
  readable_ = is_whole ? message : std::string_view();
}

void* MessageContext::allocate(void* context, size_t size, size_t align) {
  void* place = static_cast<MessageContext*>(context)->arena_.allocate(size, align);
  if (place != nullptr) std::memset(place, 0, size);
  return place;
}

void MessageContext::take_problem(void* context, const lt_problem* given) {
  auto& self = *static_cast<MessageContext*>(context);
  if (self.sink_ == nullptr || given == nullptr) return;
  Problem problem;
  problem.severity = static_cast<Severity>(given->severity < 0 || given->severity > 3 ? 2 : given->severity);
  problem.number = static_cast<std::uint16_t>(given->number);
  problem.catalogue = self.adapter_name_;
  problem.where_input = view_of(given->where);
  problem.value = self.decoded(given->value);
  problem.offset = given->offset;
  for (std::size_t i = 0; i < given->argument_count; ++i)
    problem.arguments.emplace_back(view_of(given->arguments[i]));
  self.sink_->add(std::move(problem));
}

lt_status MessageContext::decode_inner(void* context, lt_text charset, lt_text bytes, lt_text* utf8) {
  auto& self = *static_cast<MessageContext*>(context);
  const auto wanted = charset.size == 0 ? self.charset_ : find_charset(view_of(charset));
  if (!wanted) return LT_UNSUPPORTED;
  bool damaged = false;
  const auto text = decode(*wanted, view_of(bytes), self.arena_, damaged);
  if (text.data() == nullptr) return LT_LIMIT;
  *utf8 = {text.data(), text.size()};
  return LT_OK;
}

SourceValue MessageContext::read(lt_node node, lt_path path) noexcept {
  lt_value value{};
  value.flags = LT_VALUE_ASK;
  settle(node, path, value);
  return {view_of(value.text), value.presence == LT_NULL, decimal_sign_of(value.flags), value.offset,
          value.length};
}

void MessageContext::settle(lt_node node, lt_path path, lt_value& value) noexcept {
  if ((value.flags & LT_VALUE_ASK) != 0) {
    value = {};
    if (adapter_->get(record_, &host_, node, path, &value) != LT_OK) value = {{}, kNoOffset, 0, LT_ABSENT, 0};
  }
  if (value.presence != LT_VALUE) {
    value.text = {nullptr, 0};
    return;
  }
  auto text = view_of(value.text);
  if (!is_clean_ && (value.flags & LT_VALUE_UTF8) == 0 && !is_within_readable(text))
    text = decode_value(text, node, path, value.offset);
  if (!text.empty() && (text.front() <= ' ' || text.back() <= ' ')) text = trimmed(text);
  value.text = {text.data(), text.size()};
}

bool MessageContext::is_fine(std::string_view bytes) const noexcept {
  if (is_within_readable(bytes)) return true;
  if (charset_ == Charset::Utf8 || charset_ == Charset::Ascii) return is_utf8(bytes);
  return is_ascii(bytes);
}

std::string_view MessageContext::decode_value(std::string_view bytes, lt_node node, lt_path path,
                                              std::uint32_t offset) noexcept {
  if (is_fine(bytes)) return bytes;
  bool damaged = false;
  const auto text = decode(charset_, bytes, arena_, damaged);
  if (damaged && std::find(damaged_.begin(), damaged_.end(), offset) == damaged_.end()) {
    if (damaged_.size() < kMostDamaged) damaged_.push_back(offset);
    Problem problem;
    problem.severity = Severity::Warning;
    problem.number = kInvalidText;
    problem.where_input = place(node, path);
    problem.offset = offset;
    problem.arguments = {std::string(name_of(charset_))};
    sink_->add(std::move(problem));
  }
  return text;
}

std::string MessageContext::place(lt_node node, lt_path path) noexcept {
  const auto text = adapter_->place(record_, &host_, node, path);
  return std::string(view_of(text));
}

std::string_view MessageContext::decoded(lt_text text) noexcept {
  const auto bytes = view_of(text);
  if (is_clean_ || is_fine(bytes)) return bytes;
  bool damaged = false;
  return decode(charset_, bytes, arena_, damaged);
}

}  // namespace lienthong::convert
