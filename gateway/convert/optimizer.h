#pragma once
// Makes a compiled program shorter without changing what it does. Private to this room.

#include "gateway/convert/program_data.h"

namespace lienthong::convert {

// Once, when the program is complete. Decides which rules may be stepped over (absence.h), joins constant
// text, and joins instructions that always follow one another.
void optimize(ProgramData& program);

}  // namespace lienthong::convert
