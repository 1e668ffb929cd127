#include "nodes/gateway/gateway.hpp"

#include "nodes/commands/commands.hpp"

#include <iostream>
#include <stdexcept>

namespace nodes {

int run_gateway(const Invocation& invocation) {
    const auto& global = invocation.line.global;
    const auto settings = gateway_settings(invocation.line);
    if (!settings)
        throw std::invalid_argument(settings.error().detail);
    if (!HttpServer::exists())
        throw std::runtime_error("this dagmesh was built without the gateway (cpp-httplib)");
    auto options = node_options(global, "gateway", settings->realm);
    options.listen = {}; // it is where HTTP is spoken
    options.publishes = settings->allowance.declared();
    options.events = settings->rules;
    Tool tool(invocation, options);
    Gateway gateway(tool, global, *settings);
    tool.on_signal([&] { gateway.stop(); });
    if (!global.is_quiet)
        std::cerr << "listening at http://" << to_string(gateway.endpoint()) << std::endl;
    gateway.start();
    return tool.run(global.timeout, ExitCode::done, [] {});
}

} // namespace nodes
