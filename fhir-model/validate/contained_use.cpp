#include "fhir-model/validate/contained_use.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/validate/narrative_links.h"

namespace fhir::validate {
namespace {

struct Contained {
  std::string_view id;
  const Node* node;
  bool used;
};

class Uses {
 public:
  explicit Uses(const Node& list) {
    for (const Node& one : list.children()) contained_.push_back({one.member_text(atoms::kId), &one, false});
    by_id_.resize(contained_.size());
    for (std::size_t i = 0; i < by_id_.size(); ++i) by_id_[i] = &contained_[i];
    std::stable_sort(by_id_.begin(), by_id_.end(),
                     [](const Contained* a, const Contained* b) { return a->id < b->id; });
  }
  void refer(std::string_view fragment, const Node& from) {
    if (fragment == "#") return refer_to_container(from);
    const auto id = fragment.substr(1);
    auto found = std::lower_bound(by_id_.begin(), by_id_.end(), id,
                                  [](const Contained* one, std::string_view text) { return one->id < text; });
    for (; found != by_id_.end() && (*found)->id == id && !(*found)->used; ++found) (*found)->used = true;
  }
  bool all() const {
    return std::all_of(contained_.begin(), contained_.end(), [](const Contained& one) { return one.used; });
  }

 private:
  // The contained resource in which it stands is used.
  void refer_to_container(const Node& from) {
    auto behind = std::upper_bound(contained_.begin(), contained_.end(), &from,
                                   [](const Node* node, const Contained& one) { return node < one.node; });
    if (behind == contained_.begin()) return;
    Contained& one = *--behind;
    if (&from > one.node && &from < one.node + one.node->span()) one.used = true;
  }
  std::vector<Contained> contained_;  // in document order
  std::vector<Contained*> by_id_;
};

}  // namespace

bool contained_are_used(const Node& resource) {
  const Node* list = resource.find(atoms::kContained);
  if (list == nullptr || !list->is_array()) return true;
  Uses uses(*list);
  for (const Node* at = &resource; at != &resource + resource.span(); ++at) {
    if (!at->is_string() || at->text().empty()) continue;
    if (at->text().front() == '#') uses.refer(at->text(), *at);
    if (at->atom() != atoms::kDiv) continue;
    const auto take = [&](std::string_view link) {
      if (link.size() > 1 && link.front() == '#') uses.refer(link, *at);
    };
    for_each_link(at->text(), "<a ", "href=", take);
    for_each_link(at->text(), "<img ", "src=", take);
  }
  return uses.all();
}

}  // namespace fhir::validate
