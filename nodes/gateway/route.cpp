#include "nodes/gateway/route.hpp"

#include "mesh/event/topic.hpp"
#include "nodes/gateway/target.hpp"

#include <algorithm>
#include <array>

namespace nodes {

mesh::Result<Route> parse_route(std::string_view text) {
    const auto invalid = [&](const std::string& detail) {
        return mesh::fail(mesh::ErrorCode::invalid, detail + ", got \"" + std::string(text) + "\"");
    };
    const auto blank = text.find(' ');
    const auto equals = text.rfind('=');
    if (blank == std::string_view::npos || equals == std::string_view::npos || equals < blank)
        return invalid("expected METHOD /PATH=TOPIC");
    Route route{std::string(text.substr(0, blank)), {}, std::string(text.substr(equals + 1))};
    if (route.method != "POST" && route.method != "PUT")
        return invalid("expected POST or PUT as the method");
    const auto path = text.substr(blank + 1, equals - blank - 1);
    auto target = parse_target(path);
    if (!target || target->path.empty() || path.find('?') != std::string_view::npos)
        return invalid("expected a path such as /register");
    constexpr std::array<std::string_view, 4> own{"events", "last", "health", "ready"};
    if (std::ranges::find(own, target->path.front()) != own.end())
        return invalid("expected a path that the gateway does not answer itself");
    route.path = std::move(target->path);
    if (const auto checked = mesh::check_topic(route.topic); !checked)
        return invalid(checked.error().detail);
    return route;
}

} // namespace nodes
