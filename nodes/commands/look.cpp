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
    auto view = live_view(realm, {});
    bool is_whole = false;
    const auto take = [&] {
        view = live_view(realm, tool.node().peers());
        is_whole = tool.node().wait_ready(0s) && view.coverage.is_complete();
        if (is_whole)
            tool.finish(ExitCode::done);
    };
    tool.run(global.timeout.value_or(default_patience), ExitCode::timed_out,
             [&] { tool.loop().every(look_interval, take); });
    view.coverage.is_cut_short = !is_whole && view.coverage.missing.empty();
    if (!global.is_quiet)
        std::cerr << coverage_text(view) << std::endl;
    return view;
}

} // namespace nodes
