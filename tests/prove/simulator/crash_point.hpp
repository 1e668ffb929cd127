#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace simulator {

/// Where a node may die: between any two steps whose order matters.
enum class CrashPoint : std::uint8_t {
    before_append,
    after_append_before_commit,
    after_commit_before_hand_on,
    after_hand_on_before_return,
    after_return,
    before_send,
    after_send,
    before_attach,
    before_subscription_is_stored,
    after_subscription_is_stored,
    after_serve,
    before_acknowledged_is_noted,
    after_acknowledged_is_noted,
    before_places_are_kept,
    after_places_are_kept,
    before_trim,
    after_trim_before_forget,
    before_restore,
    after_restore,
    before_opened,
    after_opened,
    before_take,
    after_take,
    before_handle,
    between_effect_and_place,
    between_place_and_commit,
    after_commit_before_finish,
    between_effect_and_emission,
    after_handle_before_acknowledge,
    before_acknowledge,
    after_acknowledge,
    after_dead_letter,
    count
};

inline constexpr std::size_t crash_point_count = static_cast<std::size_t>(CrashPoint::count);

inline constexpr std::array<std::string_view, crash_point_count> crash_point_names{
    "before-append",
    "after-append-before-commit",
    "after-commit-before-hand-on",
    "after-hand-on-before-return",
    "after-return",
    "before-send",
    "after-send",
    "before-attach",
    "before-subscription-is-stored",
    "after-subscription-is-stored",
    "after-serve",
    "before-acknowledged-is-noted",
    "after-acknowledged-is-noted",
    "before-places-are-kept",
    "after-places-are-kept",
    "before-trim",
    "after-trim-before-forget",
    "before-restore",
    "after-restore",
    "before-opened",
    "after-opened",
    "before-take",
    "after-take",
    "before-handle",
    "between-effect-and-place",
    "between-place-and-commit",
    "after-commit-before-finish",
    "between-effect-and-emission",
    "after-handle-before-acknowledge",
    "before-acknowledge",
    "after-acknowledge",
    "after-dead-letter",
};

/// The node's process is gone, at this point of it.
struct Crashed {
    std::size_t node = 0;
};

} // namespace simulator
