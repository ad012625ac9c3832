#pragma once
// Security labels of several statements about one resource (semantics 18).

#include <string>
#include <string_view>

namespace lienthong::repository::sqlite {

// `meta` with the labels (meta.security) of `other` besides its own, sorted, each once: what one message says
// of an HIV test stays guarded when the next message about the same visit names a broken leg. The same for
// either order of two metas that differ in their labels alone. Both are JSON objects or empty.
std::string with_labels_of(std::string_view meta, std::string_view other);

// The labels alone, as a meta; empty when there are none.
std::string labels_alone(std::string_view meta);

}  // namespace lienthong::repository::sqlite
