#include "nodes/commands/look.hpp"

#include "nodes/commands/tool.hpp"

#include <chrono>
#include <iostream>

namespace nodes {

namespace {

using namespace std::chrono_literals;

constexpr mesh::Duration default_patience = 5s;
constexpr mesh::Duration look_interval = 20ms;

} // namespace

LiveView look(const Invocation& invocation) {
    const auto& global = invocation.line.global;
    const auto realm = global.realm_beside("");
    Tool tool(invocation, observer_options(global, "check"));
    LiveView view;
    const auto take = [&] {
        view = live_view(realm, tool.node().peers());
        if (tool.node().wait_ready(0s) && view.is_complete())
            tool.finish(ExitCode::done);
    };
    tool.run(global.timeout.value_or(default_patience), ExitCode::timed_out,
             [&] { tool.loop().every(look_interval, take); });
    if (!global.is_quiet)
        std::cerr << coverage_text(view) << std::endl;
    return view;
}

} // namespace nodes
