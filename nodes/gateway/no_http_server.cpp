#include "nodes/gateway/http_server.hpp"

#include <stdexcept>

namespace nodes {

class HttpServer::Threads {};

bool HttpServer::exists() {
    return false;
}

HttpServer::HttpServer(Handle) {
    throw std::runtime_error("this dagmesh was built without the gateway (cpp-httplib)");
}

HttpServer::~HttpServer() = default;

void HttpServer::serve(WholeRequest, std::function<void(bool)>) {}

void HttpServer::drain() {}

} // namespace nodes
