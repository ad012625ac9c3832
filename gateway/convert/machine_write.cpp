// Values as JSON: each FHIR type accepts only what is one of its values (R4 §2.24.0.1).
#include <algorithm>
#include <iterator>

#include "gateway/convert/error_numbers.h"
#include "gateway/convert/machine.h"
#include "gateway/convert/text_types.h"
#include "gateway/convert/value_text.h"

namespace lienthong::convert {

inline void Machine::guard(WriteAs as, std::size_t from) {
  if (is_guarded_ || current_.harmless || as > WriteAs::Id) return;
  is_guarded_ = program_.sensitivity.may_name(out_.view(from, out_.size())) ||
                (as == WriteAs::Code && program_.sensitivity.may_be_code(current_.text));
}

void Machine::write(const Instruction& i, std::uint32_t at) {
  if (!current_.valued()) return write_nothing(at);
  const auto as = static_cast<WriteAs>(i.extra);
  const bool is_plain_type = as <= WriteAs::Uri && i.c == 0 && trace_ == nullptr;
  const auto mark = static_cast<std::uint32_t>(out_.size());
  if (is_plain_type &&
      out_.append_plain(program_.literals.data() + i.a, i.b, current_.text, as != WriteAs::String)) {
    if (!current_.constant) ++values_;
    return guard(as, mark + i.b);
  }
  out_.append_padded(program_.literals.data() + i.a, i.b);
  const auto start = static_cast<std::uint32_t>(out_.size());
  if (!write_value(as, at)) {
    out_.cut(mark);
    if (trace_ != nullptr) trace_->pending.clear();
    return;
  }
  out_.append(',');
  guard(as, start);
  if (!current_.constant) ++values_;
  if (i.c != 0) raise(Severity::Warning, static_cast<std::uint16_t>(i.c), at, "");
  if (trace_ != nullptr) trace_write(start, at);
  if (recorder_ != nullptr) record_write(at, mark, static_cast<std::uint32_t>(out_.size()));
}

void Machine::write_nothing(std::uint32_t at) {
  if (trace_ == nullptr) return;
  const auto here = static_cast<std::uint32_t>(out_.size());
  if (recorder_ != nullptr && !trace_->pending.empty()) record_write(at, here, here);
  trace_->pending.clear();
}

// Writes the namespace just made as it was written before; false when it has to be written as other values.
bool Machine::write_namespace(const Instruction& i) {
  const bool is_plain = i.op == Op::Write && static_cast<WriteAs>(i.extra) == WriteAs::Uri && i.c == 0;
  if (!is_plain || namespace_json_.empty() || trace_ != nullptr) return false;
  out_.append_padded(program_.literals.data() + i.a, i.b);
  out_.append_padded(namespace_json_.data(), namespace_json_.size());
  is_guarded_ = is_guarded_ || !current_.harmless;
  return true;
}

bool Machine::write_value(WriteAs as, std::uint32_t at) {
  switch (as) {
    case WriteAs::Date:
    case WriteAs::DateTime:
    case WriteAs::Instant:
    case WriteAs::Time:
      return write_time(as, at);
    case WriteAs::Decimal:
    case WriteAs::Integer:
    case WriteAs::PositiveInt:
    case WriteAs::UnsignedInt:
    case WriteAs::Boolean:
      return write_number(as, at);
    default:
      return write_text(as, at);
  }
}

bool Machine::write_text(WriteAs as, std::uint32_t at) {
  const auto text = current_.text;
  if (!is_of_type(as, text)) {
    raise(Severity::Error, kNotOfType, at, std::string(type_name(as)));
    return false;
  }
  if (as == WriteAs::Base64) {
    scratch_.clear();
    std::copy_if(text.begin(), text.end(), std::back_inserter(scratch_),
                 [](char c) { return c != ' ' && c != '\t' && c != '\n' && c != '\r'; });
    out_.append_string(scratch_);
    return true;
  }
  const auto start = out_.size();
  if (out_.append_string(text)) return true;
  raise(Severity::Warning, kControlCharacters, at, "");
  return out_.size() - start > 2;
}

bool Machine::write_time(WriteAs as, std::uint32_t at) {
  if (as == WriteAs::Time) {
    const auto clock = read_time_of_day(current_.text);
    if (clock)
      out_.append_string(clock->view());
    else
      raise(Severity::Error, kNotATime, at, "");
    return clock.has_value();
  }
  if (as == WriteAs::DateTime) {
    if (const auto* const known = times_.find(current_.text); known != nullptr) {
      out_.append_string(known->view());
      return true;
    }
  }
  const auto time = read_time(current_.text);
  if (!time) {
    raise(Severity::Error, kNotATime, at, "");
    return false;
  }
  if (as == WriteAs::Date) {
    out_.append_string(write_date(*time).view());
    return true;
  }
  if (time->hour_only) raise(Severity::Warning, kHourOnly, at, "");
  if (as == WriteAs::DateTime) {
    const auto text = write_date_time(*time, settings_.offset_minutes);
    if (!time->hour_only) times_.add(current_.text, text);
    out_.append_string(text.view());
    return true;
  }
  const auto instant = write_instant(*time, settings_.offset_minutes);
  if (instant)
    out_.append_string(instant->view());
  else
    raise(Severity::Error, kNotATime, at, "");
  return instant.has_value();
}

bool Machine::write_number(WriteAs as, std::uint32_t at) {
  if (as == WriteAs::Boolean) {
    const bool fits = current_.text == "true" || current_.text == "false";
    if (fits)
      out_.append(current_.text);
    else
      raise(Severity::Error, kNotOfType, at, "boolean");
    return fits;
  }
  const auto number = read_number(current_.text, sign_of(MessageContext::decimal_sign_of(current_.flags)));
  if (!number || (as != WriteAs::Decimal && !is_integer(number->view(), as))) {
    raise(Severity::Error, as == WriteAs::Decimal ? kNotANumber : kNotOfType, at, std::string(type_name(as)));
    return false;
  }
  out_.append(number->view());
  return true;
}

}  // namespace lienthong::convert
