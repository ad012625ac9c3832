#pragma once
// MoveFunction<R(A...)>: a callable that may own what cannot be copied (a job's data, a Responder, a
// unique_ptr). C++23's std::move_only_function, which g++ 12 does not offer in C++20 mode. Callables up to 64
// bytes cost no allocation.

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace lienthong {

template <class Signature>
class MoveFunction;

// Empty (default-made, nullptr, moved from) or holds one callable. Calling an empty one is a programmer's
// error. Not thread-safe; may move between threads.
template <class R, class... A>
class MoveFunction<R(A...)> {
 public:
  MoveFunction() = default;
  MoveFunction(std::nullptr_t) noexcept {}

  template <class F>
    requires(!std::is_same_v<std::decay_t<F>, MoveFunction> &&
             std::is_invocable_r_v<R, std::decay_t<F>&, A...>)
  MoveFunction(F&& callable) {
    using Held = std::decay_t<F>;
    if constexpr (kFits<Held>) {
      ::new (static_cast<void*>(storage_)) Held(std::forward<F>(callable));
      operations_ = &kInPlace<Held>;
    } else {
      ::new (static_cast<void*>(storage_)) Held*(new Held(std::forward<F>(callable)));
      operations_ = &kOnHeap<Held>;
    }
  }

  MoveFunction(MoveFunction&& other) noexcept { take(other); }
  MoveFunction& operator=(MoveFunction&& other) noexcept {
    if (this == &other) return *this;
    reset();
    take(other);
    return *this;
  }
  ~MoveFunction() { reset(); }

  explicit operator bool() const noexcept { return operations_ != nullptr; }
  R operator()(A... arguments) { return operations_->call(storage_, std::forward<A>(arguments)...); }

 private:
  static constexpr std::size_t kInline = 64;
  struct Operations {
    R (*call)(void*, A&&...);
    void (*move)(void* from, void* to) noexcept;
    void (*destroy)(void*) noexcept;
  };
  template <class Held>
  static constexpr bool kFits = sizeof(Held) <= kInline && alignof(Held) <= alignof(std::max_align_t) &&
                                std::is_nothrow_move_constructible_v<Held>;
  template <class Held>
  static Held& at(void* storage) noexcept {
    return *std::launder(static_cast<Held*>(storage));
  }
  template <class Held>
  static constexpr Operations kInPlace{
      [](void* s, A&&... a) -> R { return static_cast<R>(at<Held>(s)(std::forward<A>(a)...)); },
      [](void* from, void* to) noexcept {
        ::new (to) Held(std::move(at<Held>(from)));
        at<Held>(from).~Held();
      },
      [](void* s) noexcept { at<Held>(s).~Held(); }};
  template <class Held>
  static constexpr Operations kOnHeap{
      [](void* s, A&&... a) -> R { return static_cast<R>((*at<Held*>(s))(std::forward<A>(a)...)); },
      [](void* from, void* to) noexcept { ::new (to) Held*(at<Held*>(from)); },
      [](void* s) noexcept { delete at<Held*>(s); }};

  void take(MoveFunction& other) noexcept {
    operations_ = std::exchange(other.operations_, nullptr);
    if (operations_ != nullptr) operations_->move(other.storage_, storage_);
  }
  void reset() noexcept {
    if (operations_ != nullptr) std::exchange(operations_, nullptr)->destroy(storage_);
  }

  alignas(std::max_align_t) unsigned char storage_[kInline];
  const Operations* operations_ = nullptr;
};

}  // namespace lienthong
