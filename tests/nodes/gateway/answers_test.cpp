#include "nodes/cli/event_json.hpp"
#include "nodes/gateway/answers.hpp"
#include "nodes/gateway/last_values.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using nodes::Answers;
using nodes::HttpRequest;
using nodes::HttpResponse;

namespace {

struct Mesh {
    std::vector<std::string> published;
    std::string why_not_ready;
    std::optional<mesh::Error> failure;
    std::size_t failing_from = 0;
    nodes::LastValues last{nodes::LastValues::Bounds{}};

    Answers answers() {
        return Answers({
            .realm = "shop",
            .listen = {"127.0.0.1", 8080},
            .allowance = {{}, {*mesh::Pattern::parse("a.>")}},
            .routes = {*nodes::parse_route("POST /register=a.registered")},
            .why_not_ready = [this] { return why_not_ready; },
            .publish = [this](const mesh::NewEvent& event) -> mesh::Result<std::string> {
                if (failure && published.size() >= failing_from)
                    return tl::unexpected(*failure);
                published.push_back(event.topic);
                return "id" + std::to_string(published.size());
            },
            .last = [this](const std::string& topic,
                           const std::optional<std::string>& key) { return last.find(topic, key); },
        });
    }

    HttpResponse ask(const std::string& method, const std::string& target,
                     const std::string& body = "",
                     std::vector<std::pair<std::string, std::string>> headers = {}) {
        auto answer = answers().answer({method, target, body, std::move(headers)});
        REQUIRE(std::holds_alternative<HttpResponse>(answer));
        return std::get<HttpResponse>(answer);
    }
};

mesh::OwnedEvent event(const std::string& topic, const std::string& key, mesh::WallTime time,
                       unsigned source = 1) {
    mesh::Event made;
    made.topic = topic;
    made.key = key;
    made.service = "order";
    made.time = time;
    made.id.source.bytes[0] = static_cast<std::byte>(source);
    return mesh::OwnedEvent(made);
}

const std::string batch_type = "application/cloudevents-batch+json";

std::string header(const HttpResponse& response, std::string_view name) {
    for (const auto& [given, value] : response.headers)
        if (given == name)
            return value;
    return "";
}

} // namespace

TEST_CASE("an event that is posted is published, and its id comes back") {
    Mesh mesh;
    const auto response = mesh.ask("POST", "/events/a.b", R"({"x":1})");
    CHECK(response.status == 202);
    CHECK(response.body == "{\"id\":\"id1\"}\n");
    CHECK(mesh.ask("POST", "/register", "{}").status == 202);
    CHECK(mesh.published == std::vector<std::string>{"a.b", "a.registered"});
}

TEST_CASE("a batch comes back with the ids of those that are published, also when one is not") {
    Mesh mesh;
    const std::string one = R"({"specversion":"1.0","id":"1","source":"/s","type":"a.b"})";
    const auto body = "[" + one + "," + one + "]";
    CHECK(mesh.ask("POST", "/events", body, {{"content-type", batch_type}}).body ==
          "{\"ids\":[\"id1\",\"id2\"]}\n");
    mesh.failure = {mesh::ErrorCode::would_wait, "for order"};
    mesh.failing_from = 3;
    const auto part = mesh.ask("POST", "/events", body, {{"content-type", batch_type}});
    CHECK(part.status == 429);
    CHECK(part.body == "{\"error\":\"for order\",\"ids\":[\"id3\"]}\n");
    CHECK(header(part, "Retry-After") == "1");
}

TEST_CASE("what cannot be published is answered with the status that fits") {
    using mesh::ErrorCode;
    for (const auto& [code, status] :
         std::vector<std::pair<ErrorCode, int>>{{ErrorCode::would_wait, 429},
                                                {ErrorCode::closed, 503},
                                                {ErrorCode::environment, 503},
                                                {ErrorCode::limit, 413},
                                                {ErrorCode::refused, 403},
                                                {ErrorCode::invalid, 400}}) {
        Mesh mesh;
        mesh.failure = {code, "why"};
        const auto response = mesh.ask("POST", "/events/a.b", "{}");
        CHECK(response.status == status);
        CHECK(response.body == "{\"error\":\"why\"}\n");
    }
}

TEST_CASE("before it has joined, the gateway is healthy and says to come again") {
    Mesh mesh;
    mesh.why_not_ready = "not yet";
    CHECK(mesh.ask("GET", "/health").status == 200);
    for (const auto* target : {"/ready", "/events?pattern=a.>", "/last/a.b"}) {
        const auto response = mesh.ask("GET", target);
        CHECK(response.status == 503);
        CHECK(header(response, "Retry-After") == "1");
    }
    CHECK(mesh.ask("POST", "/events/a.b", "{}").status == 503);
    mesh.why_not_ready = "";
    CHECK(mesh.ask("GET", "/ready").status == 200);
}

TEST_CASE("what is asked wrongly is refused with a reason") {
    struct Case {
        const char* method;
        const char* target;
        int status;
    };

    for (const auto& [method, target, status] : {Case{"GET", "/", 404},
                                                 Case{"GET", "/nothing", 404},
                                                 Case{"POST", "/events/a.b/c", 404},
                                                 Case{"GET", "/last", 404},
                                                 Case{"GET", "/last/a.b/c/d", 404},
                                                 Case{"GET", "/%", 400},
                                                 Case{"POST", "/events/", 400},
                                                 Case{"POST", "/events/a..b", 400},
                                                 Case{"POST", "/events/b", 404},
                                                 Case{"GET", "/last/b", 404},
                                                 Case{"GET", "/last/a.b", 404},
                                                 Case{"GET", "/events?pattern=b", 404},
                                                 Case{"GET", "/events?pattern=a..b", 400},
                                                 Case{"GET", "/events?patern=a.b", 400},
                                                 Case{"GET", "/events?pattern=a.b&x=y", 400},
                                                 Case{"PUT", "/events/a.b", 405},
                                                 Case{"GET", "/events/a.b", 405},
                                                 Case{"HEAD", "/events", 405},
                                                 Case{"POST", "/health", 405},
                                                 Case{"POST", "/last/a.b", 405},
                                                 Case{"GET", "/register", 405},
                                                 Case{"OPTIONS", "/events/a.b", 405}}) {
        INFO(method << " " << target);
        Mesh mesh;
        const auto response = mesh.ask(method, target, "{}");
        CHECK(response.status == status);
        CHECK_THAT(response.body, Catch::StartsWith("{\"error\":\""));
        CHECK(header(response, "Allow").empty() == (status != 405));
        CHECK(mesh.published.empty());
    }
    Mesh mesh;
    CHECK(header(mesh.ask("PUT", "/events"), "Allow") == "GET, POST");
    CHECK(mesh.ask("POST", "/events/a.b", "{}", {{"Origin", "http://evil.example"}}).status == 403);
    CHECK(mesh.ask("GET", "/events", "", {{"Last-Event-ID", "17"}}).status == 400);
    CHECK(mesh.published.empty());
}

TEST_CASE("a stream has a pattern, and the point where it goes on") {
    Mesh mesh;
    const auto answer =
        mesh.answers().answer({"GET", "/events?pattern=a.*", "", {{"Last-Event-ID", "1-2-3"}}});
    REQUIRE(std::holds_alternative<nodes::StreamRequest>(answer));
    const auto& wanted = std::get<nodes::StreamRequest>(answer);
    CHECK(wanted.pattern.text() == "a.*");
    CHECK(wanted.after == nodes::parse_resume_point("1-2-3"));
}

TEST_CASE("the last event of a topic, and of a topic and key, is a CloudEvent") {
    Mesh mesh;
    const mesh::WallTime noon(1'790'000'000s);
    mesh.last.note(event("a.b", "k/1", noon));
    mesh.last.note(event("a.b", "l", noon + 1s));
    const auto of_topic = mesh.ask("GET", "/last/a.b");
    CHECK(of_topic.status == 200);
    CHECK(of_topic.content_type == "application/cloudevents+json");
    CHECK_THAT(of_topic.body, Catch::Contains("\"partitionkey\":\"l\""));
    CHECK_THAT(mesh.ask("GET", "/last/a.b/k%2F1").body,
               Catch::Contains("\"partitionkey\":\"k/1\""));
    CHECK(mesh.ask("GET", "/last/a.b/m").status == 404);
}

TEST_CASE("of two publishers the later event is the last, of one the one that came last") {
    nodes::LastValues last({});
    const mesh::WallTime noon(1'790'000'000s);
    last.note(event("a", "", noon, 1));
    last.note(event("a", "", noon - 1s, 2));
    CHECK((*last.find("a", std::nullopt))->time == noon);
    last.note(event("a", "", noon - 2s, 1)); // its clock was set back
    CHECK((*last.find("a", std::nullopt))->time == noon - 2s);
}

TEST_CASE("last values are bounded: what was renewed longest ago goes") {
    nodes::LastValues last({.values = 3});
    const mesh::WallTime noon(1'790'000'000s);
    for (const auto* topic : {"a", "b", "c"})
        last.note(event(topic, "", noon));
    last.note(event("a", "", noon));
    last.note(event("d", "", noon));
    CHECK(last.find("a", std::nullopt));
    CHECK_FALSE(last.find("b", std::nullopt));
    nodes::LastValues small({.values = 1000, .bytes = 2000});
    for (int i = 0; i < 100; ++i)
        small.note(event("a" + std::to_string(i), "", noon));
    CHECK_FALSE(small.find("a90", std::nullopt));
    CHECK(small.find("a99", std::nullopt));
}
