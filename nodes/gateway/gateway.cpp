#include "nodes/gateway/gateway.hpp"

#include "nodes/cli/event_key.hpp"
#include "nodes/gateway/sse_response.hpp"

#include <iostream>
#include <random>
#include <utility>

namespace nodes {

namespace {

using namespace std::chrono_literals;

/// As long as any node drains.
constexpr mesh::Duration stop_patience = 10s;
constexpr mesh::Duration look_interval = 10ms;

mesh::NodeOptions reader_options(const GlobalOptions& global, const std::string& realm) {
    auto options = observer_options(global, "gateway");
    options.realm = realm;
    options.listen = {}; // it is where HTTP is spoken
    return options;
}

std::uint64_t random_run() {
    std::random_device random;
    return (std::uint64_t{random()} << 32U) | random();
}

} // namespace

Gateway::Gateway(Tool& tool, const GlobalOptions& global, GatewaySettings settings)
    : tool_(tool),
      settings_(std::move(settings)),
      listener_(listen_at(settings_.listen)),
      recent_(random_run(), {}),
      last_(LastValues::Bounds{}),
      reader_(reader_options(global, settings_.realm),
              {global.beacon_port, global.is_without_beacon}, settings_.allowance.declared(),
              recent_, last_),
      publisher_(tool.node()),
      answers_(parts()),
      desk_(tool.loop(), std::move(listener_.socket),
            [this](WholeRequest request) {
                const auto connection = request.connection;
                server_.serve(std::move(request), [this, connection](bool keeps) {
                    desk_.answered(connection, keeps);
                });
            }),
      server_([this](const HttpRequest& request) { return handle(request); }) {
    tool.node().on_ready([this] { is_joined_ = true; });
    tell_ready();
}

Gateway::~Gateway() {
    is_stopping_ = true;
    server_.drain();
    recent_.end();
}

AnswerParts Gateway::parts() {
    return {
        .realm = settings_.realm,
        .listen = listener_.endpoint,
        .allowance = settings_.allowance,
        .routes = settings_.routes,
        .why_not_ready = [this] { return why_not_ready(); },
        .publish = [this](const mesh::NewEvent& event) { return publish(event); },
        .last = [this](const std::string& topic,
                       const std::optional<std::string>& key) { return last_.find(topic, key); },
    };
}

Response Gateway::handle(const HttpRequest& request) {
    auto answer = answers_.answer(request);
    if (const auto* wanted = std::get_if<StreamRequest>(&answer))
        return sse_response(recent_, *wanted, settings_.realm);
    return std::get<HttpResponse>(std::move(answer));
}

std::string Gateway::why_not_ready() const {
    if (is_stopping_)
        return "the gateway is stopping";
    return is_joined_ && reader_.is_ready() ? "" : "the gateway has not joined the mesh yet";
}

mesh::Result<std::string> Gateway::publish(const mesh::NewEvent& event) {
    if (!event.options.key.empty())
        return publisher_.publish(event);
    auto with_key = event;
    with_key.options.key = key_in(settings_.events, event.topic, event.payload);
    return publisher_.publish(with_key);
}

void Gateway::tell_ready() {
    tool_.loop().after(look_interval, [this] {
        if (is_stopping_)
            return;
        if (!why_not_ready().empty())
            return tell_ready();
        std::cerr << "ready" << std::endl;
    });
}

void Gateway::stop() {
    is_stopping_ = true;
    desk_.close();
    server_.drain();
    recent_.end();
    tool_.loop().every(look_interval, [this] {
        if (!desk_.is_busy())
            tool_.finish(ExitCode::done);
    });
    tool_.loop().after(stop_patience, [this] { tool_.finish(ExitCode::timed_out); });
}

} // namespace nodes
