#include "nodes/doctor/health.hpp"

#include "nodes/text/table.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace nodes {

namespace {

constexpr std::array<const char*, 6> shown{"letters",     "letters_lost", "lost",
                                           "quarantined", "unlinked",     "disk_failed"};

} // namespace

std::vector<std::string> NodeHealth::complaints() const {
    std::vector<std::string> all;
    const auto complain = [&](const std::string& name, const std::string& one,
                              const std::string& many) {
        if (const auto count = figure(name); count > 0)
            all.push_back(label(node) + ": " + std::to_string(count) + " " +
                          (count == 1 ? one : many));
    };
    if (!has_answered()) {
        all.push_back(label(node) + ": did not answer in time");
        return all;
    }
    complain("letters", "dead letter; see dagmesh dead ls", "dead letters; see dagmesh dead ls");
    complain("letters_lost", "dead letter had no room", "dead letters had no room");
    complain("quarantined", "handler does not run: it would close a cycle of events",
             "handlers do not run: they would close a cycle of events");
    complain("unlinked", "node to which there is no working link",
             "nodes to which there is no working link");
    if (figure("disk_failed") > 0)
        all.push_back(label(node) + ": its disk cannot be used");
    return all;
}

std::vector<NodeHealth> look_at_health(Survey& survey) {
    std::vector<Survey::Asked> asked;
    for (auto& node : survey.nodes()) {
        mesh::Question question;
        question.kind = mesh::Question::Kind::ledger;
        asked.push_back({std::move(node), question});
    }
    const auto answers = survey.ask(asked);
    std::vector<NodeHealth> all;
    for (std::size_t i = 0; i < asked.size(); ++i)
        all.push_back({asked[i].node,
                       answers[i] ? answers[i]->figures : std::map<std::string, std::uint64_t>{}});
    return all;
}

std::string health_table(const std::vector<NodeHealth>& all) {
    if (all.empty())
        return {};
    std::vector<std::vector<std::string>> rows{
        {"node", "dead letters", "without room", "lost events", "quarantined", "unlinked", "disk"}};
    for (const auto& one : all) {
        std::vector<std::string> row{label(one.node)};
        for (const auto* name : shown)
            row.push_back(one.has_answered() ? std::to_string(one.figure(name)) : "?");
        row.back() = !one.has_answered() ? "?" : one.figure("disk_failed") > 0 ? "fails" : "fine";
        rows.push_back(std::move(row));
    }
    return table(rows);
}

std::string health_json(const std::vector<NodeHealth>& all) {
    using nlohmann::ordered_json;
    std::string text;
    for (const auto& one : all) {
        ordered_json object;
        object["service"] = one.node.service;
        object["instance"] = one.node.instance;
        object["answered"] = one.has_answered();
        for (const auto* name : shown)
            object[name] = one.figure(name);
        object["complaints"] = one.complaints();
        text += object.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
    }
    return text;
}

} // namespace nodes
