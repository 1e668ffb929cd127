#include "nodes/init/flow.hpp"

#include "mesh/event/topic.hpp"
#include "nodes/text/escape.hpp"

#include <algorithm>
#include <string_view>

namespace nodes {

using mesh::ErrorCode;
using mesh::fail;
using mesh::Result;

namespace {

constexpr std::string_view blanks = " \t\n";

std::string_view trimmed(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    text.remove_suffix(text.size() - (text.find_last_not_of(blanks) + 1));
    return text;
}

std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto end = std::min(text.find(separator), text.size());
        parts.push_back(trimmed(text.substr(0, end)));
        if (end == text.size())
            return parts;
        text.remove_prefix(end + separator.size());
    }
}

bool is_plain(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || byte == '-' || byte == '.';
}

Result<std::string> parse_topic(std::string_view text) {
    const auto found = ", found \"" + escape_terminal(text) + "\"";
    if (text.empty())
        return fail(ErrorCode::invalid, "--flow: expected a topic on each side of an arrow, such "
                                        "as \"user.registered -> order.created\"");
    if (!mesh::check_topic(text) || !std::ranges::all_of(text, is_plain))
        return fail(ErrorCode::invalid,
                    "--flow: expected a topic of letters, digits, \"_\" and \"-\", joined by dots" +
                        found);
    for (const auto token : split(text, "."))
        if (token.front() == '-')
            return fail(ErrorCode::invalid,
                        "--flow: expected a topic without \"-\" at the beginning of a part" +
                            found);
    return std::string(text);
}

template <class T>
void add_once(std::vector<T>& all, T one) {
    if (std::ranges::find(all, one) == all.end())
        all.push_back(std::move(one));
}

Result<void> add_chain(std::string_view text, Flow& flow) {
    std::vector<std::string> before;
    const auto steps = split(text, "->");
    for (const auto& step : steps) {
        std::vector<std::string> topics;
        for (const auto part : split(step, ",")) {
            auto topic = parse_topic(part);
            if (!topic)
                return tl::unexpected(topic.error());
            add_once(flow.topics, *topic);
            topics.push_back(std::move(*topic));
        }
        for (const auto& from : before)
            for (const auto& to : topics)
                add_once(flow.arrows, Arrow{from, to});
        before = std::move(topics);
        if (flow.topics.size() > flow_topics_max)
            return fail(ErrorCode::limit,
                        "--flow: expected at most " + std::to_string(flow_topics_max) + " topics");
    }
    if (steps.size() < 2)
        return fail(ErrorCode::invalid, "--flow: expected an arrow, such as \"" +
                                            escape_terminal(steps.front()) +
                                            " -> order.created\", found none");
    return {};
}

} // namespace

Result<Flow> parse_flow(std::span<const std::string> texts) {
    Flow flow;
    for (const auto& text : texts)
        for (const auto chain : split(text, ";")) {
            if (chain.empty() && !trimmed(text).empty())
                continue; // a `;` at the end
            if (const auto added = add_chain(chain, flow); !added)
                return tl::unexpected(added.error());
        }
    return flow;
}

} // namespace nodes
