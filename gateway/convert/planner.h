#pragma once
// Walks a message file's entries: which resources this message makes, from which places.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/convert/machine.h"

namespace lienthong::convert {

// A list stated as a whole (semantics 9), by instance numbers.
struct PlannedSnapshot {
  std::uint32_t make = 0;
  std::uint32_t of = kNone;            // the instance whose list it is
  std::uint32_t first = 0, count = 0;  // in Planner::members
};

// A row of a list that is stated as a whole (semantics 15), by instance number.
struct WholeMember {
  std::uint32_t list = 0;  // in MessageProgram::wholes
  std::uint32_t instance = 0;
};

// One thread; memory is kept between messages.
class Planner {
 public:
  Planner(const ProgramData& program, MessageContext& message, Instances& instances, Machine& machine)
      : program_(program), message_(message), instances_(instances), machine_(machine) {}

  // `dead`: keys of resources that turned out to lack a required element; they are not made.
  void plan(const MessageProgram& message, const std::set<std::string, std::less<>>& dead);

  const std::vector<PlannedSnapshot>& snapshots() const noexcept { return snapshots_; }
  const std::vector<std::uint32_t>& members() const noexcept { return members_; }
  const std::vector<WholeMember>& whole_members() const noexcept { return whole_members_; }

 private:
  void walk(std::uint32_t first, std::uint32_t count, std::uint32_t scope, Nodes nodes);
  void visit(const MakeNode& make, std::uint32_t index, std::uint32_t scope, Nodes nodes);
  void enter(const MakeNode& make, std::uint32_t index, std::uint32_t scope, const Nodes& nodes,
             std::size_t sisters);
  void make_resource(const MakeNode& make, std::uint32_t index, std::uint32_t scope, const Nodes& nodes);
  void add(const MakeNode& make, std::uint32_t index, std::uint32_t scope, const Nodes& nodes);
  bool join(const ResourceProgram& program, std::uint32_t known, const Nodes& nodes);
  void report_no_key(const MakeNode& make, const ResourceProgram& program);
  std::uint32_t patient_of(std::uint32_t scope) const noexcept;

  const ProgramData& program_;
  MessageContext& message_;
  Instances& instances_;
  Machine& machine_;
  const std::set<std::string, std::less<>>* dead_ = nullptr;
  std::vector<PlannedSnapshot> snapshots_;
  std::vector<std::uint32_t> members_;
  std::vector<WholeMember> whole_members_;
  std::vector<std::uint32_t> scope_patients_;  // by scope: its Patient instance
  std::vector<std::uint32_t> pending_members_;
  bool emptied_ = false;
};

}  // namespace lienthong::convert
