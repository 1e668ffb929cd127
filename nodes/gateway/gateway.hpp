#pragma once

#include "nodes/commands/tool.hpp"
#include "nodes/gateway/answers.hpp"
#include "nodes/gateway/connection_desk.hpp"
#include "nodes/gateway/gateway_settings.hpp"
#include "nodes/gateway/http_listener.hpp"
#include "nodes/gateway/http_server.hpp"
#include "nodes/gateway/id_publisher.hpp"
#include "nodes/gateway/last_values.hpp"
#include "nodes/gateway/mesh_reader.hpp"
#include "nodes/gateway/recent_events.hpp"

#include <atomic>

namespace nodes {

/// Joins the parts of `dagmesh gateway`: connections on the tool's loop, requests that are whole on
/// the server's threads, the tool's node to publish, and a reader for streams and last values.
class Gateway {
public:
    /// Throws std::runtime_error when it cannot listen.
    Gateway(Tool& tool, const GlobalOptions& global, GatewaySettings settings);
    ~Gateway();
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    const mesh::Endpoint& endpoint() const { return listener_.endpoint; }

    /// Joins the mesh, before the tool runs.
    void start() { reader_.start(); }

    /// On the tool's loop: ends it when whatever was asked is answered.
    void stop();

private:
    AnswerParts parts();
    Response handle(const HttpRequest& request);
    std::string why_not_ready() const;
    mesh::Result<std::string> publish(const mesh::NewEvent& event);
    void tell_ready();

    Tool& tool_;
    GatewaySettings settings_;
    HttpListener listener_;
    std::atomic<bool> is_joined_{false};
    std::atomic<bool> is_stopping_{false};
    RecentEvents recent_;
    LastValues last_;
    MeshReader reader_;
    IdPublisher publisher_;
    Answers answers_;
    ConnectionDesk desk_;
    HttpServer server_; // goes first: its threads use the rest
};

} // namespace nodes
