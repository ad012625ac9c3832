#pragma once
// The instructions that the machine's loop does not carry out itself, each in a function: to be called by
// number costs less than another switch. Private to this room.

#include <array>

#include "gateway/convert/instruction.h"

namespace lienthong::convert {

class Machine;

// Carries out one instruction; returns the one before that to go on with.
using MachineStep = const Instruction* (*)(Machine&, const Instruction*);

// By Op; the loop's own have one that does nothing.
extern const std::array<MachineStep, kOps> kMachineSteps;

}  // namespace lienthong::convert
