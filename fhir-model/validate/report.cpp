#include "fhir-model/validate/report.h"

#include <algorithm>

#include "fhir-model/validate/place.h"

namespace fhir::validate {
namespace {

bool is_about_form(MessageId message) {
  switch (message) {
    case MessageId::NotAResource:
    case MessageId::UnknownResourceType:
    case MessageId::DuplicateMember:
    case MessageId::UnknownMember:
    case MessageId::EmptyArray:
    case MessageId::EmptyObject:
    case MessageId::NullValue:
    case MessageId::ArrayWanted:
    case MessageId::ArrayNotWanted:
    case MessageId::ObjectWanted:
    case MessageId::PrimitiveWanted:
    case MessageId::NoUnderscore:
    case MessageId::UnderscoreMisaligned:
      return true;
    default:
      return false;
  }
}

}  // namespace

void Report::begin(const Document& document, std::size_t max_issues) {
  document_ = &document;
  issues_.clear();
  lines_.reset();
  max_issues_ = max_issues;
  errors_ = 0;
  is_full_ = false;
}

void Report::add(Severity severity, MessageId message, const Node& at,
                 std::initializer_list<std::string_view> texts) {
  if (severity >= Severity::Error) ++errors_;
  if (muted_ != 0 || is_full_) return;
  if (!lines_) lines_.emplace(document_->source());
  Issue issue;
  issue.severity = severity;
  issue.message = message;
  if (issues_.size() >= max_issues_) {
    is_full_ = true;
    issue.message = MessageId::LimitIssues;
    issue.severity = errors_ != 0 ? Severity::Error : Severity::Warning;
    issue.arguments = {std::to_string(max_issues_)};
    issues_.push_back(std::move(issue));
    return;
  }
  if (at.has_position()) {
    const auto position = lines_->at(at.json_name().empty() ? at.value_position() : at.name_position());
    issue.line = position.line;
    issue.column = position.column;
  }
  issue.expression = expression_of(definitions_, at);
  for (const auto text : texts) issue.arguments.push_back(shown(text));
  issues_.push_back(std::move(issue));
}

void Report::move_forward(std::size_t first, std::size_t to) {
  if (to >= first || first >= issues_.size()) return;
  const auto begin = issues_.begin();
  std::rotate(begin + static_cast<std::ptrdiff_t>(to), begin + static_cast<std::ptrdiff_t>(first),
              issues_.end());
}

void Report::finish() {
  if (issues_.size() < 2) return;
  std::stable_partition(issues_.begin(), issues_.end() - (is_full_ ? 1 : 0),
                        [](const Issue& issue) { return is_about_form(issue.message); });
}

}  // namespace fhir::validate
