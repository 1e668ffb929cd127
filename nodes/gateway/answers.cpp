#include "nodes/gateway/answers.hpp"

#include "nodes/cli/event_json.hpp"
#include "nodes/cli/json_convert.hpp"
#include "nodes/gateway/origin.hpp"
#include "nodes/gateway/posted_events.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace nodes {

namespace {

OrRefusal<void> check_method(const HttpRequest& request,
                             std::initializer_list<std::string_view> allowed) {
    if (std::ranges::find(allowed, request.method) != allowed.end())
        return {};
    std::string expected;
    for (const auto method : allowed)
        expected += (expected.empty() ? "" : ", ") + std::string(method);
    return tl::unexpected(
        Refusal{405, "expected " + expected + ", got " + request.method, expected});
}

/// Of an event that is not published.
int status_of(mesh::ErrorCode code) {
    switch (code) {
    case mesh::ErrorCode::would_wait:
        return 429;
    case mesh::ErrorCode::closed:
    case mesh::ErrorCode::environment:
    case mesh::ErrorCode::timed_out:
        return 503;
    case mesh::ErrorCode::limit:
        return 413;
    case mesh::ErrorCode::refused:
        return 403;
    default:
        return 400;
    }
}

std::string joined(const std::vector<std::string>& ids) {
    std::string text;
    for (const auto& id : ids)
        text += (text.empty() ? "" : ",") + json_string(id);
    return "[" + text + "]";
}

} // namespace

Answer Answers::answer(const HttpRequest& request) const {
    auto answer = answer_or_refuse(request);
    return answer ? std::move(*answer) : response_of(answer.error());
}

OrRefusal<Answer> Answers::answer_or_refuse(const HttpRequest& request) const {
    if (auto checked = check_origin(request, parts_.listen); !checked)
        return tl::unexpected(checked.error());
    const auto target = parse_target(request.target);
    if (!target)
        return tl::unexpected(target.error());
    return answer_by_path(request, *target);
}

OrRefusal<Answer> Answers::answer_by_path(const HttpRequest& request, const Target& target) const {
    const auto& path = target.path;
    const auto first = path.empty() ? std::string_view() : std::string_view(path.front());
    const auto with_method = [&](std::initializer_list<std::string_view> methods,
                                 const auto& answer) -> OrRefusal<Answer> {
        if (auto checked = check_method(request, methods); !checked)
            return tl::unexpected(checked.error());
        return answer();
    };
    if (path.size() == 1 && first == "health")
        return with_method({"GET", "HEAD"}, [] {
            return Answer(HttpResponse{200, "{\"status\":\"up\"}\n"});
        });
    if (path.size() == 1 && first == "ready")
        return with_method({"GET", "HEAD"}, [&]() -> OrRefusal<Answer> {
            if (auto checked = check_ready(); !checked)
                return tl::unexpected(checked.error());
            return Answer(HttpResponse{200, "{\"status\":\"ready\"}\n"});
        });
    if (path.size() == 1 && first == "events")
        return with_method({"GET", "POST"}, [&] {
            return request.method == "GET" ? stream(request, target) : post(request, "");
        });
    if (path.size() == 2 && first == "events")
        return with_method({"POST"}, [&] { return post(request, path[1]); });
    if ((path.size() == 2 || path.size() == 3) && first == "last")
        return with_method({"GET", "HEAD"}, [&] { return last(target); });
    for (const auto& route : parts_.routes)
        if (route.path == path)
            return with_method({route.method}, [&] { return post(request, route.topic); });
    return refuse(404, "expected /events/TOPIC, /events?pattern=P, /last/TOPIC, /last/TOPIC/KEY, "
                       "/health or /ready, with a / in a topic or key as %2F, got " +
                           in_quotes(request.target));
}

OrRefusal<Answer> Answers::post(const HttpRequest& request, const std::string& topic) const {
    if (auto checked = check_ready(); !checked)
        return tl::unexpected(checked.error());
    if (!topic.empty())
        if (auto checked = parts_.allowance.check_topic(topic); !checked)
            return tl::unexpected(checked.error());
    const auto posted = read_posted(request, topic);
    if (!posted)
        return tl::unexpected(posted.error());
    for (const auto& event : posted->events)
        if (auto checked = parts_.allowance.check_topic(event.topic); !checked)
            return tl::unexpected(checked.error());
    std::vector<std::string> ids;
    for (const auto& event : posted->events) {
        const auto id = parts_.publish(event);
        if (!id) {
            // Of a batch, those before it are on their way.
            return Answer(response_of({status_of(id.error().code), id.error().detail},
                                      posted->is_batch ? ",\"ids\":" + joined(ids) : ""));
        }
        ids.push_back(*id);
    }
    return Answer(HttpResponse{202, posted->is_batch
                                        ? "{\"ids\":" + joined(ids) + "}\n"
                                        : "{\"id\":" + json_string(ids.front()) + "}\n"});
}

OrRefusal<Answer> Answers::stream(const HttpRequest& request, const Target& target) const {
    if (auto checked = check_ready(); !checked)
        return tl::unexpected(checked.error());
    if (target.query.size() > 1 || (!target.query.empty() && target.query[0].first != "pattern"))
        return refuse(400, "expected /events?pattern=P and nothing else, got " +
                               in_quotes(request.target));
    auto pattern = parts_.allowance.check_pattern(target.queried("pattern").value_or(">"));
    if (!pattern)
        return tl::unexpected(pattern.error());
    StreamRequest wanted{std::move(*pattern), std::nullopt};
    if (const auto last_id = request.header("last-event-id"); !last_id.empty()) {
        wanted.after = parse_resume_point(last_id);
        if (!wanted.after)
            return refuse(400, "expected a Last-Event-ID that this gateway gave, got " +
                                   in_quotes(last_id));
    }
    return Answer(std::move(wanted));
}

OrRefusal<Answer> Answers::last(const Target& target) const {
    if (auto checked = check_ready(); !checked)
        return tl::unexpected(checked.error());
    const auto& topic = target.path[1];
    if (auto checked = parts_.allowance.check_topic(topic); !checked)
        return tl::unexpected(checked.error());
    const auto key = target.path.size() == 3 ? std::optional(target.path[2]) : std::nullopt;
    const auto event = parts_.last(topic, key);
    if (!event)
        return refuse(404, "nobody holds an event of " + topic +
                               (key ? " with the key " + in_quotes(*key) : std::string()));
    return Answer(HttpResponse{200, cloud_event(**event, parts_.realm) + "\n",
                               "application/cloudevents+json"});
}

OrRefusal<void> Answers::check_ready() const {
    if (auto why = parts_.why_not_ready(); !why.empty())
        return refuse(503, std::move(why));
    return {};
}

} // namespace nodes
