#include "adapters/tabular/framing.h"

#include <algorithm>

#include "adapters/tabular/problems.h"

namespace lienthong::tabular {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kSniffed = 64;  // bytes that tell text from binary
constexpr std::size_t kLongestGroup = std::size_t{8} << 20;
constexpr char kBetween = '\x1f';

bool is_two_byte(std::string_view bytes) noexcept {
  const std::string_view mark = bytes.substr(0, 2);
  if (mark == "\xFF\xFE" || mark == "\xFE\xFF") return true;
  const auto zeros = std::count(bytes.begin(), bytes.end(), '\0');
  return zeros > 0 && static_cast<std::size_t>(zeros) * 3 > bytes.size();
}

bool is_workbook(std::string_view bytes) noexcept {
  const std::string_view head = bytes.substr(0, 4);
  return head == "PK\x03\x04" || head == "\xD0\xCF\x11\xE0";  // xlsx, xls
}

}  // namespace

lt_status Stream::frame(const Settings& settings, sdk::Host host, std::string_view bytes, bool end_of_input,
                        std::size_t& consumed, std::string_view& message) {
  Step done = Step::GoOn;
  while (done == Step::GoOn) done = step(settings, host, bytes, end_of_input);
  if (done == Step::Message) message = bytes.substr(begin_, end_ - begin_);
  const bool keeps = done == Step::NeedMore && in_message_;
  consumed = keeps ? 0 : at_;
  if (!keeps) {
    if (scanned_row_) {
      scanned_row_->stop -= at_;
      scanned_row_->next -= at_;
    }
    at_ = 0;
  }
  switch (done) {
    case Step::Message:
      in_message_ = false;
      return LT_OK;
    case Step::NeedMore:
      return LT_NEED_MORE;
    case Step::Malformed:
      return LT_MALFORMED;
    default:
      return LT_END;
  }
}

Stream::Step Stream::step(const Settings& settings, sdk::Host host, std::string_view bytes,
                          bool end_of_input) {
  switch (stage_) {
    case Stage::Start:
      return start(settings, host, bytes, end_of_input);
    case Stage::Header:
      return header(settings, host, bytes, end_of_input);
    case Stage::Rows:
      return rows(settings, host, bytes, end_of_input);
    case Stage::Skipping:
      return skip_rest_of_row(bytes, end_of_input);
    case Stage::Unusable:
      break;
  }
  at_ = bytes.size();  // the whole file was refused; nothing of it will come
  return Step::End;
}

Stream::Step Stream::start(const Settings& settings, sdk::Host host, std::string_view bytes,
                           bool end_of_input) {
  if (bytes.size() < kSniffed && !end_of_input) return Step::NeedMore;
  const std::string_view head = bytes.substr(0, kSniffed);
  if (is_workbook(head)) return refuse_file(host, number(ProblemNumber::NotText));
  if (is_two_byte(head)) return refuse_file(host, number(ProblemNumber::TwoByteText));
  if (head.find('\0') != std::string_view::npos) return refuse_file(host, number(ProblemNumber::NotText));
  if (bytes.substr(0, kByteOrderMark.size()) == kByteOrderMark) at_ = kByteOrderMark.size();
  stage_ = Stage::Header;
  static_cast<void>(settings);
  return Step::GoOn;
}

Stream::Step Stream::refuse_file(sdk::Host host, std::uint32_t problem) {
  const auto most = std::to_string(Layout::kMostColumns);
  const lt_text arguments[] = {sdk::text(most)};
  const std::size_t count = problem == number(ProblemNumber::TooManyColumns) ? 1 : 0;
  host.report({.severity = LT_FATAL, .number = problem, .offset = 0, .arguments = {arguments, count}});
  stage_ = Stage::Unusable;
  return Step::Malformed;
}

// Lines to skip, Excel's "sep=;", blank lines; then the headings, or the first row where there are none.
Stream::Step Stream::header(const Settings& settings, sdk::Host host, std::string_view bytes,
                            bool end_of_input) {
  const bool skips = skipped_lines_ < settings.skip_lines;
  ScannedRow row;
  char separator = ',';
  if (skips) {
    end_row(bytes, find_line_end(bytes, at_), end_of_input, row);
    if (row.stop == bytes.size() && !end_of_input) row.end = RowEnd::NeedMore;
  } else {
    const std::size_t line = find_line_end(bytes, at_);
    if (line == bytes.size() && !end_of_input) {
      row.end = RowEnd::NeedMore;
    } else {
      separator = tell_separator(settings, bytes.substr(at_, std::min(line - at_, Layout::kLongestHeader)));
      row = scan_row(bytes, at_, end_of_input, {separator, Layout::kLongestHeader, 0}, [](auto&&...) {});
    }
  }
  const bool too_long = bytes.size() - at_ > Layout::kLongestHeader && row.end != RowEnd::Complete;
  if (too_long || row.end == RowEnd::TooLarge)
    return refuse_file(host, number(ProblemNumber::TooManyColumns));
  if (row.end == RowEnd::NeedMore) return Step::NeedMore;
  const std::string_view text = bytes.substr(at_, row.stop - at_);
  const bool is_separator_line = text.size() == 5 && text.substr(0, 4) == "sep=";
  const bool done = at_ == bytes.size();
  if (done) return Step::End;
  if (skips || is_separator_line || row.blank) {
    if (skips) ++skipped_lines_;
    ++row_;
    at_ = row.next;
    return Step::GoOn;
  }
  stage_ = Stage::Rows;
  if (!settings.has_header) {
    layout_.take_declared(host, settings, text);
    return Step::GoOn;
  }
  ++row_;
  if (!layout_.read_header(host, settings, text, separator, row_)) {
    stage_ = Stage::Unusable;
    return Step::Malformed;
  }
  at_ = row.next;
  return Step::GoOn;
}

ScannedRow Stream::scan(const Settings& settings, std::string_view bytes, bool end_of_input) {
  if (scanned_row_) return *scanned_row_;
  const RowRules rules{layout_.separator(), settings.max_row_bytes, layout_.width()};
  const std::vector<std::uint32_t>& group = layout_.group_columns();
  row_key_.clear();
  std::size_t next = 0;
  const ScannedRow row = scan_row(bytes, at_, end_of_input, rules,
                                  [&](std::uint32_t field, std::size_t begin, std::size_t end, FieldForm) {
                                    if (next == group.size() || field != group[next]) return;
                                    row_key_.append(bytes.substr(begin, end - begin)).append(1, kBetween);
                                    ++next;
                                  });
  if (row.end != RowEnd::NeedMore) scanned_row_ = row;
  return row;
}

// Whether the scanned row goes on with the message.
bool Stream::belongs(const Settings& settings, sdk::Host host, const ScannedRow& row) const {
  if (row.end != RowEnd::Complete || row_key_ != key_) return false;
  if (message_rows_ < settings.max_rows && row.stop - begin_ <= kLongestGroup) return true;
  const std::string most = std::to_string(settings.max_rows), where = place_text(row_ + 1, kNoColumn, {});
  const lt_text arguments[] = {sdk::text(most)};
  host.report({.severity = LT_WARNING,
               .number = number(ProblemNumber::GroupSplit),
               .where = where,
               .arguments = arguments});
  return false;
}

Stream::Step Stream::rows(const Settings& settings, sdk::Host host, std::string_view bytes,
                          bool end_of_input) {
  const bool groups = !layout_.group_columns().empty();
  for (;;) {
    if (at_ == bytes.size()) {
      if (!end_of_input) return Step::NeedMore;
      return in_message_ ? Step::Message : end(host, bytes);
    }
    const ScannedRow row = scan(settings, bytes, end_of_input);
    if (row.end == RowEnd::NeedMore) return Step::NeedMore;
    if (row.blank && row.end == RowEnd::Complete) {
      ++row_;
      at_ = row.next;
      scanned_row_.reset();
      continue;
    }
    if (in_message_ && !belongs(settings, host, row)) return Step::Message;
    scanned_row_.reset();
    had_rows_ = true;
    if (row.end == RowEnd::TooLarge) {
      const std::string most = std::to_string(settings.max_row_bytes);
      const std::string where = place_text(row_ + 1, kNoColumn, {});
      const lt_text arguments[] = {sdk::text(most)};
      host.report({.severity = LT_FATAL,
                   .number = number(ProblemNumber::RowTooLarge),
                   .where = where,
                   .arguments = arguments});
      stage_ = Stage::Skipping;
      return Step::GoOn;
    }
    if (!in_message_) {
      in_message_ = true;
      begin_ = at_;
      message_row_ = row_ + 1;
      message_rows_ = 0;
      key_.swap(row_key_);
    }
    end_ = row.stop;
    at_ = row.next;
    ++row_;
    ++message_rows_;
    if (!groups || row.end == RowEnd::Broken) return Step::Message;
  }
}

// A row that is too large is told once and left out up to its line end.
Stream::Step Stream::skip_rest_of_row(std::string_view bytes, bool end_of_input) {
  ScannedRow row;
  const std::size_t stop = find_line_end(bytes, at_);
  end_row(bytes, stop, end_of_input, row);
  const bool certain = end_of_input || (stop < bytes.size() && row.end != RowEnd::NeedMore);
  at_ = certain ? row.next : stop;
  if (!certain) return Step::NeedMore;
  ++row_;
  stage_ = Stage::Rows;
  return Step::Malformed;
}

Stream::Step Stream::end(sdk::Host host, std::string_view bytes) {
  at_ = bytes.size();
  if (!had_rows_ && !layout_.header().empty()) {
    had_rows_ = true;  // told once
    host.report({.severity = LT_INFORMATION, .number = number(ProblemNumber::NoRows)});
  }
  return Step::End;
}

}  // namespace lienthong::tabular
