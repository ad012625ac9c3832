#pragma once
// One opened message → its resources as text, claims, snapshots.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/convert/converter.h"
#include "gateway/convert/planner.h"

namespace lienthong::convert {

// One thread; the Conversion is valid until the next convert().
class ConversionRun {
 public:
  ConversionRun(const ProgramData& program, const SourceSettings& settings, MessageContext& message);

  Result<const Conversion*> convert(const Envelope& envelope, std::string_view facility,
                                    ProblemSink& problems);
  void set_trace(Trace* trace) noexcept {
    trace_ = trace;
    machine_.set_trace(trace);
  }
  // What was written: for explain(), which needs the places of resources in the text.
  const Conversion& conversion() const noexcept { return conversion_; }

 private:
  // Where one entry stands in the text, until the text no longer moves.
  struct Written {
    std::uint32_t instance = 0;
    std::uint32_t json_from = 0, json_to = 0;
    std::uint32_t event_at = 0, event_size = 0;
    std::uint32_t removed_first = 0, removed_count = 0;
    bool is_guarded = false;  // may ask for a label
  };

  const MessageProgram* find_program(std::string_view type) const;
  void keep_problems();
  bool write_all(const MessageProgram& program);
  bool write_entry(std::uint32_t instance);
  bool write_resource(std::uint32_t instance);
  void write_replaced(std::uint32_t survivor);
  void write_request(const Instance& instance, std::uint32_t number, const Written& written);
  void finish(const Envelope& envelope, const MessageProgram& program, bool is_clean);
  void finish_claims(Instant event_time);
  void set_key_event(const Instance& instance, Claim& claim) const;
  void finish_snapshots(Instant event_time);
  void finish_wholes(Instant event_time, const MessageProgram& program, bool is_clean);
  bool has_tag(const ResourceProgram& program, std::uint32_t instance) const;
  void write_meta(const ResourceProgram& program, std::uint32_t instance);
  void untag(std::uint32_t instance, Claim& claim);
  bool label_sensitive(const MessageProgram& program);
  bool find_made_up();
  std::string_view keep(std::string_view text);

  const ProgramData& program_;
  const SourceSettings& settings_;
  MessageContext& message_;
  Instances instances_;
  Machine machine_;
  Planner planner_;
  std::vector<std::uint32_t> labels_;  // by instance; empty: none is sensitive
  std::vector<bool> vital_, made_up_;  // by instance: known to be made up at times; made up. Empty: none is
  Trace* trace_ = nullptr;
  std::string facility_;
  ProblemSink pass_problems_;
  std::vector<Problem> kept_problems_;  // of the passes so far
  std::set<std::string, std::less<>> dead_;
  std::vector<Written> written_;
  std::vector<std::uint32_t> removed_;   // names, as ProgramData::texts
  std::vector<std::uint32_t> claim_of_;  // by instance
  std::string events_, condition_, scope_text_;
  std::vector<std::string> scopes_;
  Conversion conversion_;
};

// For the `ifNoneExist` of a mention: "identifier=system%7Cvalue", from the resource's identifier whose value
// is `preferred`, else its first with system and value. False when it has none.
bool identifier_condition(std::string_view resource_json, std::string_view preferred, std::string& out);

}  // namespace lienthong::convert
