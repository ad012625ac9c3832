#pragma once
// Collects the findings of one validation.

#include <initializer_list>
#include <optional>

#include "fhir-model/definitions/definitions.h"
#include "fhir-model/document/document.h"
#include "fhir-model/document/source_position.h"
#include "fhir-model/validate/issue.h"

namespace fhir::validate {

// One thread. Costs nothing as long as nothing is found; places and texts are made only for findings that are
// kept.
class Report {
 public:
  explicit Report(const Definitions& definitions) : definitions_(definitions) {}

  void begin(const Document& document, std::size_t max_issues);
  void add(Severity severity, MessageId message, const Node& at,
           std::initializer_list<std::string_view> texts);
  void error(MessageId message, const Node& at, std::initializer_list<std::string_view> texts = {}) {
    add(Severity::Error, message, at, texts);
  }
  void warning(MessageId message, const Node& at, std::initializer_list<std::string_view> texts = {}) {
    add(Severity::Warning, message, at, texts);
  }
  void information(MessageId message, const Node& at, std::initializer_list<std::string_view> texts = {}) {
    add(Severity::Information, message, at, texts);
  }
  // Puts what was found of the form of the text (unknown members, wrong JSON types …) before the rest, as the
  // parser of the official validator finds it first.
  void finish();

  std::size_t size() const { return issues_.size(); }
  // Moves the findings from `first` on to the place `to` (<= first).
  void move_forward(std::size_t first, std::size_t to);
  bool is_full() const { return is_full_; }

  const std::vector<Issue>& issues() const { return issues_; }
  // Errors since begin(), also those found while muted.
  std::size_t errors() const { return errors_; }

  // While one lives, findings are counted but not kept: trial checks.
  class Mute {
   public:
    explicit Mute(Report& report) : report_(report), before_(report.errors_) { ++report_.muted_; }
    ~Mute() {
      --report_.muted_;
      report_.errors_ = before_;
    }
    Mute(const Mute&) = delete;
    Mute& operator=(const Mute&) = delete;
    bool found_errors() const { return report_.errors_ != before_; }

   private:
    Report& report_;
    std::size_t before_;
  };

 private:
  const Definitions& definitions_;
  const Document* document_ = nullptr;
  std::optional<LineIndex> lines_;
  std::vector<Issue> issues_;
  std::size_t max_issues_ = 0;
  std::size_t errors_ = 0;
  int muted_ = 0;
  bool is_full_ = false;
};

}  // namespace fhir::validate
