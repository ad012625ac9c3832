#pragma once
// What intake works with. One for the program; everything in it outlives every SourceIntake.

#include <functional>

#include "fhir-model/validate/validator.h"
#include "gateway/base/clock.h"
#include "gateway/base/metrics.h"
#include "gateway/delivery/outbox.h"
#include "gateway/journal/dictionaries.h"
#include "gateway/journal/dictionary_trainer.h"
#include "gateway/journal/in_hand_slots.h"
#include "gateway/repository/repository.h"
#include "gateway/store/store.h"

namespace lienthong::intake {

class Quarantine;

struct Services {
  store::Store& store;
  const Clock& clock;
  journal::Dictionaries& dictionaries;
  journal::DictionaryTrainer& trainer;
  journal::InHandSlots& in_hand;  // one slot an io thread
  Quarantine& quarantine;
  delivery::Outbox& outbox;
  repository::Repository* repository = nullptr;  // nullptr: none is kept here; messages are passed on whole
  Metrics& metrics;
  unsigned workers = 1;  // io threads
  // Where the completions of the given io thread (or of a source's own thread) are to run.
  std::function<store::CompletionExecutor*(unsigned worker)> executor;
  const fhir::validate::Validator* validator = nullptr;  // for sources that check; nullptr: none does
};

}  // namespace lienthong::intake
