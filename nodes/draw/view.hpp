#pragma once

#include <optional>
#include <string_view>

namespace nodes {

/// What a picture shows. Events: X leads to Y when a handler on X emits Y. Handlers: one leads to
/// another that receives what it emits. Services: the same for all that a service does.
enum class View { events, handlers, services };

constexpr std::string_view to_text(View view) {
    return view == View::events ? "events" : view == View::handlers ? "handlers" : "services";
}

/// Nothing when the text is none of the three.
constexpr std::optional<View> find_view(std::string_view text) {
    for (const auto view : {View::events, View::handlers, View::services})
        if (text == to_text(view))
            return view;
    return std::nullopt;
}

} // namespace nodes
