#pragma once

#include "nodes/gateway/connection_desk.hpp"
#include "nodes/gateway/http_message.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace nodes {

/// A response without an end of its own.
struct StreamResponse {
    std::string content_type;

    /// Waits at most a second for what comes next. Empty: nothing yet, and the client is looked
    /// after. Nothing: it is over.
    std::function<std::optional<std::string>()> next;
};

using Response = std::variant<HttpResponse, StreamResponse>;

/// Reads, answers and writes requests that are whole, with cpp-httplib and threads of its own: at
/// most threads_max at a time, of which streams hold at most streams_max. The one place that knows
/// cpp-httplib. Any thread.
class HttpServer {
public:
    using Handle = std::function<Response(const HttpRequest&)>;

    /// Whether this dagmesh was built with it.
    static bool exists();

    /// `handle` is called by many threads at a time.
    explicit HttpServer(Handle handle);

    /// Waits for what is being answered.
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// Answers it soon; `done` is told whether the connection may bring another request.
    void serve(WholeRequest request, std::function<void(bool keeps)> done);

    /// From now on connections end with their response.
    void drain();

private:
    class Threads;
    std::unique_ptr<Threads> threads_;
};

} // namespace nodes
