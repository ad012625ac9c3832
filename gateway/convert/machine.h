#pragma once
// Runs programs: reads values of the opened message, writes JSON.

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/convert/instances.h"
#include "gateway/convert/json_text.h"
#include "gateway/convert/message_context.h"
#include "gateway/convert/namespace_cache.h"
#include "gateway/convert/places.h"
#include "gateway/convert/program_data.h"
#include "gateway/convert/recent_times.h"
#include "gateway/convert/shape.h"
#include "gateway/convert/stack.h"
#include "gateway/convert/stencil_recorder.h"
#include "gateway/convert/trace.h"

namespace lienthong::convert {

// What the machine must know of the source.
struct MachineSettings {
  std::string_view facility;
  int offset_minutes = 0;   // zone of times that carry none
  char decimal_sign = '.';  // '\0' = none is declared
  bool null_deletes = false;
  ReferenceStyle references = ReferenceStyle::UrnUuid;
};

// One thread. Its memory is kept between messages.
class Machine {
 public:
  Machine(const ProgramData& program, MessageContext& message, Instances& instances)
      : program_(program),
        message_(message),
        instances_(instances),
        places_(program, message),
        namespaces_(program.sensitivity) {
    stand_nowhere();
  }

  void configure(const MachineSettings& settings) {
    if (settings.offset_minutes != settings_.offset_minutes) times_ = {};
    settings_ = settings;
  }
  void set_trace(Trace* trace) noexcept { trace_ = trace; }
  // Forgets everything of the message before.
  void reset();
  // Forgets what was written, for another pass over the same message.
  void restart();

  // Where the following programs run.
  void enter(const Nodes& nodes, std::uint32_t scope) noexcept;
  void enter_instance(std::uint32_t instance) noexcept;
  const Nodes& nodes() const noexcept { return nodes_; }

  // Whether the packed column (pack_column) of the place at a level may have something.
  bool may_have(std::size_t level, std::uint32_t packed) {
    return place(level, packed >> 16).may_have(packed & kMostColumns);
  }

  // Runs a condition: what it found. kNone is true.
  bool holds(std::uint32_t program);
  // Runs a key program; false when no alternative applied. The key is in key().
  bool make_key(std::uint32_t program);
  std::string_view key() const noexcept { return key_.view(0, key_.size()); }
  // Tells equal keys apart: "|#2", "|#3" …
  void count_key(std::uint32_t number);
  std::string_view key_value() const noexcept { return key_value_; }
  bool key_was_null() const noexcept { return key_was_null_; }
  // Runs a program that leaves a value.
  std::string_view value_of(std::uint32_t program);
  // Writes the members of the instance stood in, by ProgramData::resources, behind what stands in out().
  // False when a required element is missing.
  bool write_resource(std::uint32_t resource);

  // Adds or finds the resource that a mention program makes of the current place; kNone without a key.
  std::uint32_t make_mention(std::uint32_t resource);

  JsonText& out() noexcept { return out_; }
  // Places of ids: offset and instance.
  std::vector<IdPlace>& id_places() noexcept { return id_places_; }
  void write_id(std::uint32_t instance);
  // Top-level elements of the resource just written that are stated as nothing.
  const std::vector<std::uint32_t>& removed() const noexcept { return removed_; }
  // Whether something of the resource just written may ask for a label (sensitivity.h).
  bool is_guarded() const noexcept { return is_guarded_ || program_.is_guarded; }

  // Raises a problem at the last value read.
  void raise(Severity severity, std::uint16_t number, std::uint32_t instruction, std::string argument,
             bool with_value = true);

 private:
  struct Value {
    std::string_view text;
    bool constant = false;
    bool harmless = false;  // a text of a table that asks for no label
    bool null = false;
    std::uint32_t flags = 0;            // as lt_value's
    const Instruction* read = nullptr;  // that read it last
    std::uint32_t offset = kNoOffset;
    bool valued() const noexcept { return !text.empty(); }
  };
  struct Frame {
    std::uint32_t mark = 0, start = 0, values = 0, items = 0;
    std::uint32_t failed_at = kNone;
    std::uint8_t failed = 0;  // 1 silently, 2 with a problem
  };
  struct Loop {
    std::uint32_t i = 0, count = 0, grown_from = 0;
    std::uint32_t instruction = 0;
    std::uint32_t outer_made = kNone;
  };
  struct Item {
    std::uint32_t from, to;
  };
  struct FilledItem {
    std::uint32_t array, from, to;
  };
  struct MadeItem {
    std::uint32_t slot = kNone, number = 0, instance = kNone;
  };
  friend struct MachineSteps;  // instructions, each in a function (machine_steps.h)

  static constexpr std::size_t kLongestKey = std::size_t{64} << 20;  // a message's

  void run(std::uint32_t at);
  bool write_members(std::uint32_t program);
  std::string_view literal(std::uint32_t from, std::uint32_t size) const noexcept {
    return {program_.literals.data() + from, size};
  }
  std::uint32_t index_of(const Instruction* i) const noexcept {
    return static_cast<std::uint32_t>(i - program_.code.data());
  }
  // The instruction before one, from which the loop goes on.
  const Instruction* before(std::uint32_t at) const noexcept { return program_.code.data() + at - 1; }
  bool test_value(const Instruction& i, std::string_view text, char decimal_sign) const;
  std::uint32_t run_key(const Instruction& i, std::uint32_t at);

  char sign_of(char own) const noexcept { return own == '\0' ? settings_.decimal_sign : own; }
  // The place where an instruction reads. Valid until the next call.
  const PlaceValues& place(std::size_t level, std::uint32_t kind) {
    const auto* place = standing_[level];
    return place->node == nodes_[level] && place->kind == kind ? *place : go_to(level, kind);
  }
  const PlaceValues& go_to(std::size_t level, std::uint32_t kind);
  void stand_nowhere() noexcept;
  bool is_absent(const Instruction& i);
  const Instruction* step_over(const Instruction* i);
  const Instruction* jump_on_truth(const Instruction* test) const;
  const Instruction* open_all(const Instruction* i);
  const Instruction* close_all(const Instruction* i);
  const Instruction* get_registers(const Instruction* i);
  const Instruction* get_write(const Instruction* i);
  const Instruction* key_add(const Instruction* i);
  const lt_value* plain_value(const Instruction& i) const;
  void set_current(const lt_value& value, const Instruction& i);
  void get_slowly(const Instruction& i);
  std::string_view tested(const Instruction& i);
  std::string_view tested_slowly(const Instruction& i);
  void get(const Instruction& i);
  // A call costs more than what most comparisons of codes come to.
  static bool is_same(std::string_view one, std::string_view other) noexcept {
    return one.size() == other.size() && (one.empty() || (one[0] == other[0] && one == other));
  }
  static bool is_in(std::string_view text, const std::vector<std::string>& list) noexcept {
    return std::any_of(list.begin(), list.end(), [&](const auto& item) { return is_same(text, item); });
  }
  const CodeRow* row_of(std::uint32_t table, std::string_view code);
  bool coding_array(const Instruction* i);
  bool write_namespace(const Instruction& write);
  bool get_coding(const Instruction& i);
  void close(const Instruction& i);
  bool is_repeated_item(const Frame& frame) const noexcept;
  void rewind(std::uint32_t to);
  void require_grown(const Instruction& i, std::uint32_t at);
  std::uint32_t each_start(const Instruction& i, std::uint32_t at);
  std::uint32_t each_next(const Instruction& i, std::uint32_t at);
  std::uint32_t each_made_start(const Instruction& i, std::uint32_t at);
  std::uint32_t each_made_next(const Instruction& i, std::uint32_t at);
  std::uint32_t next_made(std::uint32_t from, std::uint32_t slot) const noexcept;
  void lines(const Instruction& i);
  void add_lines_of(lt_node node, const Instruction& i, std::string& text);
  void transform(Function function);
  void join_add(const Instruction& i);
  void join_end();
  void lookup(const Instruction& i, std::uint32_t at);
  void make_namespace(const Instruction& i);
  void write(const Instruction& i, std::uint32_t at);
  void write_nothing(std::uint32_t at);
  void guard(WriteAs as, std::size_t from);
  bool write_value(WriteAs as, std::uint32_t at);
  bool write_text(WriteAs as, std::uint32_t at);
  bool write_time(WriteAs as, std::uint32_t at);
  bool write_number(WriteAs as, std::uint32_t at);
  void reference(std::uint32_t instance);
  void reference_in(const Instruction& i);
  void drop(const Frame& frame);
  void start_element(std::uint32_t name);
  void end_element();
  bool add_key_part(bool required);
  bool add_key_period(std::size_t digits);
  void keep(std::string& memory);
  bool read_shape(std::uint32_t resource);
  bool read_shape_steps(const StencilPlan& plan, std::size_t from, std::size_t to, std::uint32_t node);
  bool read_shape_loop(const StencilPlan& plan, std::size_t at, std::uint32_t node);
  bool read_shape_place(const ShapePlace& shape, std::uint32_t node);
  void add_to_shape(const lt_value& value);
  void test_for_shape(const Instruction& i, const PlaceValues& values);
  bool record(std::uint32_t resource);
  std::uint32_t loop_node(std::uint8_t level) const;
  void record_write(std::uint32_t at, std::uint32_t from, std::uint32_t to);
  void record_mention(std::uint32_t resource, std::uint32_t instance);
  void record_slot(std::uint32_t local, std::uint32_t up);
  void record_made();
  void record_id(std::uint32_t instance);
  void record_item(const Frame& frame, std::uint32_t to);
  bool fill(const Stencil& stencil);
  bool fill_gap(const StencilGap& gap);
  void write_plain(const StencilGap& gap);
  void fill_value(std::uint32_t at);
  void stand_at(std::uint32_t node);
  void compute(const StencilGap& gap);
  bool fill_id(const StencilGap& gap);
  bool fill_item(const StencilGap& gap);
  void trace_read(const Value& value, std::uint32_t length);
  void trace_write(std::uint32_t output, std::uint32_t instruction);

  const ProgramData& program_;
  MessageContext& message_;
  Instances& instances_;
  MachineSettings settings_;
  Trace* trace_ = nullptr;

  JsonText out_;
  Stack<Frame> frames_;
  Stack<Item> items_;
  Stack<std::uint32_t> marks_;
  Stack<Loop> loops_;
  std::vector<IdPlace> id_places_;
  std::vector<std::uint32_t> removed_;
  Value current_;
  Value last_joined_;
  std::string_view namespace_json_;  // of the namespace that current_ is (NamespaceText::json)
  // The row looked for last: a code's system, code and display are looked up one after another.
  std::uint32_t last_table_ = kNone;
  const CodeRow* last_row_ = nullptr;
  std::string_view registers_[4];
  bool truth_ = false;
  std::uint32_t tested_flags_ = 0;  // as lt_value's, of the value that a test read
  bool saw_null_ = false;
  bool key_was_null_ = false;
  bool is_done_ = false;
  std::uint32_t values_ = 0;
  std::uint32_t element_ = kNone;  // name of the top-level element that is being written
  std::uint32_t null_mark_ = 0;
  std::uint32_t made_ = kNone;      // the instance that each-made stands at
  std::uint32_t instance_ = kNone;  // the one being written
  std::uint32_t scope_ = 0;
  Nodes nodes_{};
  Places places_;
  std::array<const PlaceValues*, kMaxLevels>
      standing_{};  // the places of nodes_, as far as they were read from
  NamespaceCache namespaces_;
  RecentTimes times_;
  JsonText key_{kLongestKey};
  std::string joined_, scratch_;
  std::string_view key_value_;
  bool has_joined_ = false;
  bool is_guarded_ = false;

  Shape shape_;  // of the resource that is being written
  StencilStore stencils_;
  StencilRecorder* recorder_ = nullptr;  // then trace_ is set as well
  const StencilPlan* plan_ = nullptr;    // while recording
  StencilGap referring_;                 // while recording: what is being referred to
  bool is_filling_ = false, has_raised_ = false;
  std::uint32_t mentioned_ = kNone;
  MadeItem last_made_;
  std::vector<std::uint32_t> open_items_;
  std::vector<FilledItem> filled_items_;
};

}  // namespace lienthong::convert
