#include "nodes/commands/tool.hpp"

#include <utility>

namespace nodes {

Tool::Tool(const Invocation& invocation, mesh::NodeOptions options)
    : signals_(invocation.signals),
      node_(std::move(options)),
      discovery_(node_,
                 {invocation.line.global.beacon_port, invocation.line.global.is_without_beacon}) {
    node_.on_unreachable([this](const std::string&) { finish(ExitCode::environment); });
}

void Tool::finish(ExitCode code) {
    loop_.post([this, code] {
        if (!code_)
            code_ = code;
        loop_.stop();
    });
}

int Tool::run(std::optional<mesh::Duration> patience, ExitCode late,
              const std::function<void()>& started) {
    loop_.add(signals_.fd(), [this] {
        if (!signals_.take())
            return;
        StopSignals::exit_on_next();
        is_interrupted_ = true;
        stop_();
    });
    if (patience)
        loop_.after(*patience, [this, late] { finish(late); });
    node_.start();
    loop_.post(started);
    loop_.run();
    StopSignals::exit_on_next();
    node_.stop();
    return to_int(code_.value_or(ExitCode::done));
}

} // namespace nodes
