#include "nodes/gateway/http_server.hpp"

#include "mesh/base/log.hpp"
#include "nodes/gateway/http_limits.hpp"
#include "nodes/gateway/request_stream.hpp"

#include <atomic>
#include <httplib.h>
#include <string_view>
#include <utility>

namespace nodes {

namespace {

/// One of the streams that there may be, until the last copy goes.
using StreamSlot = std::shared_ptr<void>;

HttpRequest request_of(const httplib::Request& request) {
    HttpRequest plain{request.method, request.target, request.body, {}};
    for (const auto& [name, value] : request.headers)
        plain.headers.emplace_back(name, value);
    return plain;
}

void write(HttpResponse&& answer, httplib::Response& response) {
    response.status = answer.status;
    for (const auto& [name, value] : answer.headers)
        response.set_header(name, value);
    response.set_content(answer.body, answer.content_type);
}

/// cpp-httplib 0.11.4 compiles most of itself into its library, so its limits are what they are
/// there: http_limits.hpp has narrower ones. Its own listening, accepting and waiting are not used:
/// it gives each connection a thread, also while the client is silent.
class Server : public httplib::Server {
public:
    explicit Server(HttpServer::Handle handle) : handle_(std::move(handle)) {
        // Streams end when this is no socket: it is never used as one.
        svr_sock_ = 0;
        // Said in `Keep-Alive`; who counts the requests of a connection is not here.
        set_keep_alive_timeout(
            std::chrono::duration_cast<std::chrono::seconds>(idle_patience).count());
        set_keep_alive_max_count(keep_alive_max_count);
        set_default_headers({{"Accept-Ranges", "none"}}); // else it claims `bytes`
        set_pre_routing_handler([this](const auto& request, auto& response) {
            answer(request, response);
            return HandlerResponse::Handled;
        });
        set_error_handler(HandlerWithResponse([](const auto&, auto& response) {
            if (response.body.empty()) // cpp-httplib's own refusal
                write(response_of({response.status, "the request is malformed"}), response);
            return HandlerResponse::Handled;
        }));
        set_exception_handler([](const auto&, auto& response, const std::exception_ptr&) {
            mesh::log(mesh::LogLevel::error, "gateway: answering a request failed");
            write(response_of({500, "answering the request failed"}), response);
        });
    }

    /// Whether the connection may bring another request.
    bool run(WholeRequest request) {
        RequestStream stream(request.head, request.fd);
        bool is_last = false;
        const bool is_done =
            process_request(stream, is_draining_, is_last,
                            [&](httplib::Request& read) { read.body = std::move(request.body); });
        if (stream.is_stalled())
            stalled_("it took nothing of its response for 10 s");
        return is_done && !is_last && !is_draining_;
    }

    void drain() { is_draining_ = true; }

private:
    static constexpr std::size_t keep_alive_max_count = 1000000;

    void answer(const httplib::Request& request, httplib::Response& response) {
        auto answer = handle_(request_of(request));
        if (auto* whole = std::get_if<HttpResponse>(&answer))
            return write(std::move(*whole), response);
        auto slot = take_slot();
        if (!slot)
            return write(response_of({503, "expected at most " + std::to_string(streams_max) +
                                               " streams at a time"}),
                         response);
        stream(request, std::get<StreamResponse>(std::move(answer)), std::move(slot), response);
    }

    StreamSlot take_slot() {
        if (++streams_ > streams_max) {
            --streams_;
            return nullptr;
        }
        return {this, [this](void*) { --streams_; }};
    }

    static void stream(const httplib::Request& request, StreamResponse answer, StreamSlot slot,
                       httplib::Response& response) {
        response.status = 200;
        response.set_header("Cache-Control", "no-store");
        auto provide = [slot = std::move(slot),
                        next = std::move(answer.next)](std::size_t, httplib::DataSink& sink) {
            const auto text = next();
            if (!text)
                sink.done();
            else if (text->empty())
                return sink.is_writable();
            else
                return sink.write(text->data(), text->size());
            return true;
        };
        // HTTP/1.0 knows no chunks: there the end of the connection is the end of the stream.
        if (request.version == "HTTP/1.0")
            response.set_content_provider(answer.content_type, std::move(provide));
        else
            response.set_chunked_content_provider(answer.content_type, std::move(provide));
    }

    HttpServer::Handle handle_;
    std::atomic<bool> is_draining_{false};
    std::atomic<std::size_t> streams_{0};
    mesh::CountedWarning stalled_{"client dropped"};
};

} // namespace

class HttpServer::Threads {
public:
    explicit Threads(Handle handle) : server_(std::move(handle)) {}

    ~Threads() { pool_.shutdown(); }

    Threads(const Threads&) = delete;
    Threads& operator=(const Threads&) = delete;

    void enqueue(WholeRequest request, std::function<void(bool)> done) {
        auto shared = std::make_shared<WholeRequest>(std::move(request));
        pool_.enqueue([this, shared = std::move(shared), done = std::move(done)] {
            done(server_.run(std::move(*shared)));
        });
    }

    void drain() { server_.drain(); }

private:
    Server server_;
    httplib::ThreadPool pool_{threads_max};
};

bool HttpServer::exists() {
    return true;
}

HttpServer::HttpServer(Handle handle) : threads_(std::make_unique<Threads>(std::move(handle))) {}

HttpServer::~HttpServer() = default;

void HttpServer::serve(WholeRequest request, std::function<void(bool)> done) {
    threads_->enqueue(std::move(request), std::move(done));
}

void HttpServer::drain() {
    threads_->drain();
}

} // namespace nodes
