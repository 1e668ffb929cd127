#include "mesh/manifest/asyncapi_names.hpp"
#include "mesh/manifest/asyncapi_operation.hpp"

#include <utility>

namespace mesh {

namespace {

enum class Action { unknown, send, receive };

class Version3 {
public:
    explicit Version3(References& references) : references_(references) {}

    std::vector<AsyncApiOperation> read() {
        const auto operations = References::find(references_.root(), "operations");
        if (operations && operations->reading().is_mapping(*operations->node, "\"operations\""))
            for (const auto& [key, value] : operations->node->entries)
                if (references_.count(*operations))
                    read_operation({operations->in, key}, {operations->in, value});
        return std::move(operations_);
    }

private:
    void read_operation(const Part& key, const Part& written) {
        const auto target = references_.follow(written);
        if (!target || !target->part.reading().is_mapping(*target->part.node, "an operation"))
            return;
        const auto& value = target->part;
        const auto action = read_action(key, value);
        auto channel = read_channel(key, value);
        if (action == Action::unknown || !channel)
            return;
        const bool is_receive = action == Action::receive;
        // The reply to a request of its own goes to one requester, and wakes no handler.
        auto reply = is_receive ? read_reply(value) : std::nullopt;
        operations_.push_back(
            {key.node->text, {}, key, value, is_receive, std::move(*channel), std::move(reply)});
    }

    static Action read_action(const Part& key, const Part& operation) {
        if (const auto action = References::find(operation, "action"))
            return action->reading()
                .choice<Action>("action", *action->node,
                                {{"send", Action::send}, {"receive", Action::receive}})
                .value_or(Action::unknown);
        key.reading().error(*key.node, "operation " + in_quotes(key.node->text) +
                                           " needs an \"action\": send or receive");
        return Action::unknown;
    }

    std::optional<AsyncApiChannel> read_reply(const Part& operation) {
        const auto written = References::find(operation, "reply");
        const auto target = written ? references_.follow(*written) : std::nullopt;
        if (!target || !target->part.reading().is_mapping(*target->part.node, "\"reply\"") ||
            !References::find(target->part, "channel"))
            return std::nullopt;
        return read_channel(*written, target->part);
    }

    /// The channel that an operation or a reply refers to, and its messages.
    std::optional<AsyncApiChannel> read_channel(const Part& user, const Part& value) {
        const auto written = References::find(value, "channel");
        if (!written) {
            user.reading().error(*user.node, "operation " + in_quotes(user.node->text) +
                                                 " needs a \"channel\"");
            return std::nullopt;
        }
        const auto target = references_.follow(*written);
        if (!target || !target->part.reading().is_mapping(*target->part.node, "a channel"))
            return std::nullopt;
        const auto reference = References::find(*written, "$ref");
        if (!reference) {
            written->reading().error_in("channel", *written->node,
                                        "expected a reference such as $ref: '#/channels/NAME'");
            return std::nullopt;
        }
        check_own_keys(target->part, {});
        auto topic = read_address(*target, *reference);
        if (!topic)
            return std::nullopt;
        auto messages = listed_messages(value);
        return AsyncApiChannel{std::move(*topic), reference->place(),
                               messages ? std::move(*messages) : all_messages(target->part)};
    }

    /// The address; a channel without one, or with the root alone, is called by its key.
    static std::optional<Pattern> read_address(const References::Target& channel,
                                               const Part& reference) {
        const auto address = References::find(channel.part, "address");
        const bool has_address = address && !address->is(YamlNode::Kind::nothing);
        const auto& place = has_address ? *address : reference;
        const auto text =
            has_address ? address->reading().text("address", *address->node) : channel.name;
        if (!text)
            return std::nullopt;
        const bool is_root = text->find_first_not_of('/') == std::string::npos;
        auto topic = pattern_of_address(is_root ? channel.name : *text);
        if (topic)
            return std::move(*topic);
        place.reading().error_in(has_address ? "address" : "$ref", *place.node,
                                 topic.error().detail);
        return std::nullopt;
    }

    /// Those that the operation is about, when it says so.
    static std::optional<std::vector<Part>> listed_messages(const Part& value) {
        const auto messages = References::find(value, "messages");
        if (!messages)
            return std::nullopt;
        if (!messages->is(YamlNode::Kind::list)) {
            messages->reading().error_in("messages", *messages->node, "expected a list");
            return std::nullopt;
        }
        std::vector<Part> parts;
        for (const auto* item : messages->reading().one_or_more("messages", *messages->node))
            parts.push_back({messages->in, item});
        return parts;
    }

    std::vector<Part> all_messages(const Part& channel) {
        std::vector<Part> parts;
        const auto messages = References::find(channel, "messages");
        if (messages && messages->reading().is_mapping(*messages->node, "\"messages\""))
            for (const auto& [key, value] : messages->node->entries)
                if (references_.count(*messages))
                    parts.push_back({messages->in, value});
        return parts;
    }

    References& references_;
    std::vector<AsyncApiOperation> operations_;
};

} // namespace

std::vector<AsyncApiOperation> read_operations_3(References& references) {
    return Version3(references).read();
}

} // namespace mesh
