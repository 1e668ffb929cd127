#pragma once

#include "mesh/base/endpoint.hpp"
#include "mesh/base/result.hpp"
#include "mesh/event/event.hpp"
#include "mesh/event/owned_event.hpp"
#include "nodes/gateway/allowance.hpp"
#include "nodes/gateway/http_message.hpp"
#include "nodes/gateway/resume_point.hpp"
#include "nodes/gateway/route.hpp"
#include "nodes/gateway/target.hpp"

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace nodes {

/// What the gateway's answers rest on. The functions are called from any thread.
struct AnswerParts {
    std::string realm;
    mesh::Endpoint listen; ///< with the real port
    Allowance allowance = {};
    std::vector<Route> routes = {};
    /// Empty when requests are served, else why not.
    std::function<std::string()> why_not_ready = {};
    /// Publishes without waiting; the event's id. Errors: as Node::try_publish.
    std::function<mesh::Result<std::string>(const mesh::NewEvent&)> publish = {};
    std::function<std::optional<mesh::OwnedEvent>(const std::string& topic,
                                                  const std::optional<std::string>& key)>
        last = {};
};

/// Events that are to be streamed.
struct StreamRequest {
    mesh::Pattern pattern;
    std::optional<ResumePoint> after;
};

using Answer = std::variant<HttpResponse, StreamRequest>;

/// What each request is answered with; docs/gateway.md is the same for people. Keeps nothing, so
/// any thread may ask.
class Answers {
public:
    explicit Answers(AnswerParts parts) : parts_(std::move(parts)) {}

    Answer answer(const HttpRequest& request) const;

private:
    OrRefusal<Answer> answer_or_refuse(const HttpRequest& request) const;
    OrRefusal<Answer> answer_by_path(const HttpRequest& request, const Target& target) const;
    OrRefusal<Answer> post(const HttpRequest& request, const std::string& topic) const;
    OrRefusal<Answer> stream(const HttpRequest& request, const Target& target) const;
    OrRefusal<Answer> last(const Target& target) const;
    OrRefusal<void> check_ready() const;

    AnswerParts parts_;
};

} // namespace nodes
