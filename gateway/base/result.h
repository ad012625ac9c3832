#pragma once
// Result<T>: a value, or the Error that says why there is none. No exceptions on the data plane.

#include <tl/expected.hpp>
#include <utility>

#include "gateway/base/error.h"

namespace lienthong {

template <class T>
using Result = tl::expected<T, Error>;

using Failure = tl::unexpected<Error>;

// Builds the failed side of any Result: `return fail(Category::NotFound, 5001, "…");`
inline Failure fail(Category category, std::uint16_t number, std::string text) {
  return Failure(Error{category, number, std::move(text)});
}

// Passes an error on: `if (!r) return forward(r);`
template <class T>
Failure forward(const Result<T>& result) {
  return Failure(result.error());
}

}  // namespace lienthong
