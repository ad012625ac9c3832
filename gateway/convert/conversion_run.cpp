#include "gateway/convert/conversion_run.h"

#include <algorithm>
#include <utility>

#include "gateway/convert/error_numbers.h"
#include "gateway/convert/message_opening.h"

namespace lienthong::convert {
namespace {

// Each pass leaves out the resources that lacked a required element in the one before; more passes than this
// mean that nothing of the message can stand.
constexpr int kMostPasses = 8;
constexpr std::string_view kTestTag =
    R"({"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"HTEST"})";
constexpr std::string_view kMadeUpTag =
    R"({"system":"urn:lienthong:tag","code":"made-up","display":"Likely made up by the exporting program"})";

char decimal_sign_of(const ProfileInfo& profile) noexcept {
  return profile.decimal_sign.empty() ? '\0' : profile.decimal_sign[0];
}

// They say who; what is known of a person does not make the record of the person sensitive. A place is no
// such thing: who was in the methadone clinic is told by it.
bool is_anchor(std::string_view type) noexcept {
  return type == "Patient" || type == "Practitioner" || type == "Organization" || type == "Coverage";
}

}  // namespace

ConversionRun::ConversionRun(const ProgramData& program, const SourceSettings& settings,
                             MessageContext& message)
    : program_(program),
      settings_(settings),
      message_(message),
      machine_(program, message, instances_),
      planner_(program, message, instances_, machine_) {}

const MessageProgram* ConversionRun::find_program(std::string_view type) const {
  if (const auto found = program_.messages.find(type); found != program_.messages.end())
    return &found->second;
  // "ORU^R01^ORU_R01": the structure says nothing that type and event do not
  const auto first = type.find('^');
  const auto second = first == std::string_view::npos ? first : type.find('^', first + 1);
  if (second == std::string_view::npos) return nullptr;
  const auto found = program_.messages.find(type.substr(0, second));
  return found == program_.messages.end() ? nullptr : &found->second;
}

Result<const Conversion*> ConversionRun::convert(const Envelope& envelope, std::string_view facility,
                                                 ProblemSink& problems) {
  if (facility.empty()) {
    Problem problem;
    problem.severity = Severity::Error;
    problem.number = settings_.facility.empty() ? kUnknownSender : kOtherSender;
    problem.arguments = {std::string(envelope.sender), settings_.facility};
    problems.add(std::move(problem));
    return fail(Category::Forbidden, kUnknownSender, "the sender is not in the source's table of facilities");
  }
  const auto* program = find_program(envelope.type);
  if (program == nullptr) {
    return fail(Category::Unsupported, kNoMapping,
                "no mapping takes the message type " + std::string(envelope.type));
  }
  facility_ = facility;
  machine_.configure({facility_, offset_of(settings_), decimal_sign_of(program_.profile),
                      settings_.null_deletes, settings_.references});
  machine_.reset();
  dead_.clear();
  kept_problems_.clear();
  bool complete = false;
  labels_.clear();
  vital_.clear();
  made_up_.clear();
  for (int pass = 0; pass < kMostPasses && !complete; ++pass) {
    complete = write_all(*program);
    if (!complete) keep_problems();
  }
  if (complete) {
    const bool is_labelled = label_sensitive(*program), is_tagged = find_made_up();
    if (is_labelled || is_tagged) complete = write_all(*program);
  }
  keep_problems();
  message_.set_sink(problems);
  if (machine_.out().is_full())
    return fail(Category::Busy, kOutputLimit, "the result is larger than one message may make");
  for (auto& problem : kept_problems_) problems.add(std::move(problem));
  if (!complete)
    return fail(Category::Incorrect, kRequiredMissing, "no resource of the message has all that it needs");
  finish(envelope, *program, !problems.has_errors());
  return &conversion_;
}

// What a pass complained of is kept also when the next one leaves out what it was about; each complaint as
// often as the pass raised it that raised it most often (equal ones may be of equal values at one place).
void ConversionRun::keep_problems() {
  const auto same = [](const Problem& a, const Problem& b) {
    return a.number == b.number && a.severity == b.severity && a.catalogue == b.catalogue &&
           a.where_input == b.where_input && a.where_output == b.where_output && a.offset == b.offset &&
           a.arguments == b.arguments && a.value == b.value;
  };
  std::vector<bool> taken(kept_problems_.size(), false);
  for (const auto& problem : pass_problems_.problems()) {
    std::size_t i = 0;
    while (i < taken.size() && (taken[i] || !same(kept_problems_[i], problem))) ++i;
    if (i < taken.size()) {
      taken[i] = true;
    } else {
      kept_problems_.push_back(problem);
    }
  }
}

// One pass; false when a resource turned out to lack a required element, which is then left out in the next.
bool ConversionRun::write_all(const MessageProgram& program) {
  pass_problems_.clear();
  message_.set_sink(pass_problems_);
  machine_.restart();
  written_.clear();
  removed_.clear();
  events_.clear();
  if (trace_ != nullptr) trace_->clear();
  planner_.plan(program, dead_);
  auto& out = machine_.out();
  const bool is_bundle = settings_.references == ReferenceStyle::UrnUuid;
  if (is_bundle) out.append(R"({"resourceType":"Bundle","type":"transaction","entry":[)");
  bool complete = true;
  for (std::uint32_t i = 0; i < instances_.all.size(); ++i) {
    if (write_entry(i)) continue;
    complete = false;
    dead_.emplace(instances_.key_of(instances_.all[i]));
  }
  if (!is_bundle) return complete;
  if (written_.empty()) {  // an entry list without entries would be an empty array
    out.cut(out.size() - std::string_view(R"(,"entry":[)").size());
    out.append('}');
  } else {
    out.set_last(']');
    out.append('}');
  }
  return complete;
}

bool ConversionRun::write_entry(std::uint32_t number) {
  auto& out = machine_.out();
  const bool is_bundle = settings_.references == ReferenceStyle::UrnUuid;
  const auto mark = out.size();
  Written written;
  written.instance = number;
  if (is_bundle) {
    out.append(R"({"fullUrl":"urn:uuid:)");
    machine_.write_id(number);
    out.append(R"(","resource":)");
  }
  written.json_from = static_cast<std::uint32_t>(out.size());
  if (!write_resource(number)) {
    out.cut(mark);
    return false;
  }
  written.json_to = static_cast<std::uint32_t>(out.size());
  written.is_guarded = machine_.is_guarded();
  const auto instance = instances_.all[number];
  written.removed_first = static_cast<std::uint32_t>(removed_.size());
  written.removed_count = static_cast<std::uint32_t>(machine_.removed().size());
  removed_.insert(removed_.end(), machine_.removed().begin(), machine_.removed().end());
  if (instance.make != kNone && program_.makes[instance.make].event != kNone) {
    const auto event = machine_.value_of(program_.makes[instance.make].event);
    written.event_at = static_cast<std::uint32_t>(events_.size());
    written.event_size = static_cast<std::uint32_t>(event.size());
    events_ += event;
  }
  written_.push_back(written);
  if (is_bundle) write_request(instance, number, written);
  return true;
}

bool ConversionRun::write_resource(std::uint32_t number) {
  auto& out = machine_.out();
  const auto& program = program_.resources[instances_.all[number].resource];
  out.append(R"({"resourceType":")");
  out.append(program.type);
  out.append(R"(","id":")");
  machine_.write_id(number);
  out.append("\",");
  write_meta(program, number);
  machine_.enter_instance(number);
  const bool complete = machine_.write_resource(instances_.all[number].resource);
  if (settings_.references == ReferenceStyle::UrnUuid && program.type == "Patient") write_replaced(number);
  out.set_last('}');
  return complete;
}

// A Bundle says itself which Patients this one takes the place of; the repository has it from the claims.
void ConversionRun::write_replaced(std::uint32_t survivor) {
  auto& out = machine_.out();
  const auto scope = instances_.scopes[instances_.all[survivor].scope];
  bool first = true;
  for (auto i = scope.first; i < scope.end; ++i) {
    const auto& instance = instances_.all[i];
    if (i == survivor || instance.make == kNone) continue;
    const auto& make = program_.makes[instance.make];
    const bool merged = make.key_event == KeyEvent::MergedInto &&
                        instances_.named(instance.scope, make.other, make.other_up) == survivor;
    if (!merged) continue;
    out.append(first ? R"("link":[{"other":{"reference":"urn:uuid:)"
                     : R"(,{"other":{"reference":"urn:uuid:)");
    machine_.write_id(i);
    out.append(R"("},"type":"replaces"})");
    first = false;
  }
  if (!first) out.append("],");
}

// Semantics 18: what a resource says itself, and what it refers to: a report is as sensitive as its results,
// a visit as its diagnoses. A visit passes it on only to the rows of its dossier: its medicines, services and
// bills are for those diagnoses, and tell them. True when anything is.
bool ConversionRun::label_sensitive(const MessageProgram& program) {
  const auto is_guarded = [](const Written& written) { return written.is_guarded; };
  if (program_.sensitivity.empty() || std::none_of(written_.begin(), written_.end(), is_guarded))
    return false;
  auto& out = machine_.out();
  std::uint32_t all = 0;
  std::vector<std::uint32_t> labels(instances_.all.size(), 0);
  const auto type_of = [&](std::uint32_t instance) -> const std::string& {
    return program_.resources[instances_.all[instance].resource].type;
  };
  for (const auto& written : written_) {
    if (!written.is_guarded || is_anchor(type_of(written.instance))) continue;
    all |= labels[written.instance] =
        program_.sensitivity.labels_of(out.view(written.json_from, written.json_to));
  }
  if (all == 0) return false;
  constexpr int kFarthest = 4;  // Provenance → Composition → DiagnosticReport → Observation
  for (int round = 0; round < kFarthest; ++round) {
    std::size_t at = 0;
    for (const auto& place : machine_.id_places()) {
      while (at < written_.size() && place.offset >= written_[at].json_to) ++at;
      if (at == written_.size()) break;
      const auto own = written_[at].instance;
      const bool refers = place.offset >= written_[at].json_from && place.claim != own;
      if (refers && !is_anchor(type_of(own)) && type_of(place.claim) != "Encounter")
        labels[own] |= labels[place.claim];
    }
  }
  const auto visit = program.whole_of == kNone ? kNone : instances_.named(0, program.whole_of, 0);
  for (std::size_t i = 0; visit != kNone && i < labels.size(); ++i) {
    const auto make = instances_.all[i].make;
    if (make != kNone && program_.makes[make].whole != kNone) labels[i] |= labels[visit];
  }
  labels_ = std::move(labels);
  return true;
}

// Semantics 17. True when anything is.
bool ConversionRun::find_made_up() {
  std::size_t codes = 0;
  for (const auto& written : written_) {
    if (program_.resources[instances_.all[written.instance].resource].type != "Observation") continue;
    const auto known = program_.made_up.count_codes(machine_.out().view(written.json_from, written.json_to));
    if (known == 0) continue;
    vital_.resize(instances_.all.size());
    vital_[written.instance] = true;
    codes += known;
  }
  if (codes < MadeUpValues::kFewest) return false;
  std::vector<std::string_view> texts;
  std::vector<std::uint32_t> observations;
  for (const auto& written : written_) {
    if (!vital_[written.instance]) continue;
    texts.push_back(machine_.out().view(written.json_from, written.json_to));
    observations.push_back(written.instance);
  }
  for (const auto& found : program_.made_up.find(texts)) {
    made_up_.resize(instances_.all.size());
    for (const auto observation : found.observations) made_up_[observations[observation]] = true;
    Problem problem;
    problem.severity = Severity::Warning;
    problem.number = kMadeUp;
    problem.where_output = "Observation.value[x]";
    problem.arguments = {found.exporter, std::to_string(found.constants)};
    kept_problems_.push_back(std::move(problem));
  }
  return !made_up_.empty();
}

bool ConversionRun::has_tag(const ResourceProgram& program, std::uint32_t instance) const {
  return settings_.test || !program.tag.empty() || (instance < made_up_.size() && made_up_[instance]);
}

void ConversionRun::write_meta(const ResourceProgram& program, std::uint32_t instance) {
  const auto labels = instance < labels_.size() ? labels_[instance] : 0;
  const bool is_tagged = has_tag(program, instance);
  if (!is_tagged && labels == 0) return;
  auto& out = machine_.out();
  out.append(R"("meta":{)");
  if (labels != 0) {
    out.append(R"("security":[)");
    out.append(program_.sensitivity.security(labels));
    out.append(is_tagged ? "]," : "]},");
  }
  if (!is_tagged) return;
  out.append(R"("tag":[)");
  const char* between = "";
  const auto add = [&](std::string_view tag) {
    out.append(between);
    out.append(tag);
    between = ",";
  };
  if (!program.tag.empty()) add(program.tag);
  if (instance < made_up_.size() && made_up_[instance]) add(kMadeUpTag);
  if (settings_.test) add(kTestTag);
  out.append("]},");
}

// Semantics 7: what the message is about is put; what it mentions is created if it is not there.
void ConversionRun::write_request(const Instance& instance, std::uint32_t number, const Written& written) {
  auto& out = machine_.out();
  const auto& type = program_.resources[instance.resource].type;
  const auto key_value =
      std::string_view(instances_.keys).substr(instance.key_value_at, instance.key_value_size);
  if (instance.role == Role::Mention &&
      identifier_condition(out.view(written.json_from, written.json_to), key_value, condition_)) {
    out.append(R"(,"request":{"method":"POST","url":")");
    out.append(type);
    out.append(R"(","ifNoneExist":")");
    out.append(condition_);
  } else {
    out.append(R"(,"request":{"method":"PUT","url":")");
    out.append(type);
    out.append('/');
    machine_.write_id(number);
  }
  out.append("\"}},");
}

std::string_view ConversionRun::keep(std::string_view text) {
  return message_.arena().copy(text);
}

void ConversionRun::finish(const Envelope& envelope, const MessageProgram& program, bool is_clean) {
  auto& c = conversion_;
  c.claims.clear();
  c.id_places.clear();
  c.snapshots.clear();
  c.members.clear();
  c.removed.clear();
  c.patient = kNoClaim;
  c.bundle = machine_.out().view(0, machine_.out().size());
  claim_of_.assign(instances_.all.size(), kNoClaim);
  for (std::uint32_t i = 0; i < written_.size(); ++i) claim_of_[written_[i].instance] = i;
  for (const auto& place : machine_.id_places())
    c.id_places.push_back({place.offset, claim_of_[place.claim]});
  for (const auto name : removed_) c.removed.emplace_back(program_.texts[name]);
  finish_claims(envelope.event_time);
  finish_snapshots(envelope.event_time);
  finish_wholes(envelope.event_time, program, is_clean);
}

void ConversionRun::finish_claims(Instant event_time) {
  auto& c = conversion_;
  for (const auto& written : written_) {
    const auto& instance = instances_.all[written.instance];
    Claim claim;
    claim.resource_type = program_.resources[instance.resource].type;
    claim.role = instance.role;
    claim.id = instance.id;
    claim.key = instances_.key_of(instance);
    claim.event = std::string_view(events_).substr(written.event_at, written.event_size);
    claim.json = c.bundle.substr(written.json_from, written.json_to - written.json_from);
    claim.event_time = event_time;
    if (instance.make != kNone && program_.makes[instance.make].whole != kNone) claim.extent = Extent::Whole;
    if (instance.patient != kNone) claim.patient = claim_of_[instance.patient];
    set_key_event(instance, claim);
    claim.removed_first = written.removed_first;
    claim.removed_count = written.removed_count;
    if (written.instance < vital_.size() && vital_[written.instance]) untag(written.instance, claim);
    if (c.patient == kNoClaim && claim.resource_type == "Patient") c.patient = claim_of_[written.instance];
    c.claims.push_back(claim);
  }
}

// What an earlier message tagged as made up may be measured now: then no tag is said, and none stays.
void ConversionRun::untag(std::uint32_t instance, Claim& claim) {
  const auto labels = instance < labels_.size() ? labels_[instance] : 0;
  if (labels != 0 || has_tag(program_.resources[instances_.all[instance].resource], instance)) return;
  auto& removed = conversion_.removed;
  const auto first = claim.removed_first;
  claim.removed_first = static_cast<std::uint32_t>(removed.size());
  for (std::uint32_t i = 0; i < claim.removed_count; ++i) removed.push_back(removed[first + i]);
  removed.push_back("meta");
  ++claim.removed_count;
}

void ConversionRun::set_key_event(const Instance& instance, Claim& claim) const {
  if (instance.make == kNone || program_.makes[instance.make].key_event == KeyEvent::None) return;
  const auto& make = program_.makes[instance.make];
  const auto other = instances_.named(instance.scope, make.other, make.other_up);
  if (other == kNone || claim_of_[other] == kNoClaim || instances_.all[other].id == instance.id) return;
  claim.key_event = make.key_event;
  claim.other = claim_of_[other];
}

void ConversionRun::finish_snapshots(Instant event_time) {
  auto& c = conversion_;
  for (const auto& planned : planner_.snapshots()) {
    const auto& make = program_.makes[planned.make];
    const auto& of = instances_.all[planned.of];
    scope_text_ = facility_ + "|" + settings_.name + "|";
    scope_text_ += instances_.key_of(of);
    scope_text_ += "|" + make.snapshot_name;
    Snapshot snapshot;
    snapshot.scope = keep(scope_text_);
    snapshot.resource_type = program_.resources[make.resource].type;
    snapshot.ending = make.snapshot_ending;
    snapshot.event_time = event_time;
    if (of.patient != kNone) snapshot.patient = claim_of_[of.patient];
    snapshot.member_first = static_cast<std::uint32_t>(c.members.size());
    for (std::uint32_t i = 0; i < planned.count; ++i) {
      const auto claim = claim_of_[planner_.members()[planned.first + i]];
      if (claim != kNoClaim) c.members.push_back(claim);
    }
    snapshot.member_count = static_cast<std::uint32_t>(c.members.size()) - snapshot.member_first;
    c.snapshots.push_back(snapshot);
  }
}

// Semantics 15: the rows of each list. A list that is not complete, or a message in which something was left
// out, adds to what is known and ends nothing.
void ConversionRun::finish_wholes(Instant event_time, const MessageProgram& program, bool is_clean) {
  if (program.whole_of == kNone) return;
  auto& c = conversion_;
  const auto of = instances_.named(0, program.whole_of, 0);
  if (of == kNone || claim_of_[of] == kNoClaim) return;
  for (std::uint32_t list = 0; list < program.wholes.size(); ++list) {
    Snapshot snapshot;
    snapshot.member_first = static_cast<std::uint32_t>(c.members.size());
    for (const auto& member : planner_.whole_members()) {
      const auto claim = member.list == list ? claim_of_[member.instance] : kNoClaim;
      if (claim != kNoClaim) c.members.push_back(claim);
    }
    snapshot.member_count = static_cast<std::uint32_t>(c.members.size()) - snapshot.member_first;
    machine_.enter(Nodes{}, 0);
    snapshot.is_whole = true;
    snapshot.is_complete = is_clean && machine_.holds(program.wholes[list].complete);
    if (snapshot.member_count == 0 && !snapshot.is_complete) continue;
    scope_text_.assign(instances_.key_of(instances_.all[of]));
    scope_text_ += "|" + program.wholes[list].name;
    snapshot.scope = keep(scope_text_);
    snapshot.ending = "entered-in-error";
    snapshot.event_time = event_time;
    if (instances_.all[of].patient != kNone) snapshot.patient = claim_of_[instances_.all[of].patient];
    c.snapshots.push_back(snapshot);
  }
}

}  // namespace lienthong::convert
