#pragma once
// A function object that can only be moved, so jobs may own what they carry. Small ones (up to 64 bytes) need
// no allocation. (std::move_only_function is C++23.)

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace lienthong::store {

template <class Signature>
class UniqueFunction;

// Empty when default-made or moved from; calling an empty one is a programmer's error (check with operator
// bool).
template <class R, class... Args>
class UniqueFunction<R(Args...)> {
 public:
  UniqueFunction() = default;
  template <class F>
    requires(!std::is_same_v<std::remove_cvref_t<F>, UniqueFunction> && std::is_invocable_r_v<R, F&, Args...>)
  UniqueFunction(F&& function) {  // NOLINT: implicit, as std::function
    using Held = std::decay_t<F>;
    if constexpr (fits<Held>) {
      ::new (static_cast<void*>(storage_)) Held(std::forward<F>(function));
      table_ = &kInline<Held>;
    } else {
      ::new (static_cast<void*>(storage_)) Held*(new Held(std::forward<F>(function)));
      table_ = &kHeap<Held>;
    }
  }
  UniqueFunction(UniqueFunction&& other) noexcept { take(other); }
  UniqueFunction& operator=(UniqueFunction&& other) noexcept {
    if (this == &other) return *this;
    clear();
    take(other);
    return *this;
  }
  ~UniqueFunction() { clear(); }

  explicit operator bool() const noexcept { return table_ != nullptr; }
  R operator()(Args... args) { return table_->call(storage_, std::forward<Args>(args)...); }

 private:
  static constexpr std::size_t kInlineSize = 64;
  struct Table {
    R (*call)(void*, Args&&...);
    void (*move)(void* from, void* to) noexcept;
    void (*destroy)(void*) noexcept;
  };
  template <class Held>
  static constexpr bool fits = sizeof(Held) <= kInlineSize && alignof(Held) <= alignof(std::max_align_t) &&
                               std::is_nothrow_move_constructible_v<Held>;
  template <class Held>
  static Held& held(void* storage) noexcept {
    return *std::launder(static_cast<Held*>(storage));
  }
  template <class Held>
  static constexpr Table kInline = {
      [](void* storage, Args&&... args) -> R { return held<Held>(storage)(std::forward<Args>(args)...); },
      [](void* from, void* to) noexcept {
        ::new (to) Held(std::move(held<Held>(from)));
        held<Held>(from).~Held();
      },
      [](void* storage) noexcept { held<Held>(storage).~Held(); }};
  template <class Held>
  static constexpr Table kHeap = {
      [](void* storage, Args&&... args) -> R { return (*held<Held*>(storage))(std::forward<Args>(args)...); },
      [](void* from, void* to) noexcept { ::new (to) Held*(held<Held*>(from)); },
      [](void* storage) noexcept { delete held<Held*>(storage); }};

  void take(UniqueFunction& other) noexcept {
    if (other.table_ == nullptr) return;
    other.table_->move(other.storage_, storage_);
    table_ = std::exchange(other.table_, nullptr);
  }
  void clear() noexcept {
    if (table_ != nullptr) std::exchange(table_, nullptr)->destroy(storage_);
  }

  alignas(std::max_align_t) unsigned char storage_[kInlineSize];
  const Table* table_ = nullptr;
};

}  // namespace lienthong::store
