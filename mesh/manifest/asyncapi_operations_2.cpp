#include "mesh/manifest/asyncapi_names.hpp"
#include "mesh/manifest/asyncapi_operation.hpp"

#include <algorithm>
#include <utility>

namespace mesh {

namespace {

class Version2 {
public:
    explicit Version2(References& references) : references_(references) {}

    std::vector<AsyncApiOperation> read() {
        const auto root = references_.root();
        const auto channels = References::find(root, "channels");
        if (!channels)
            root.reading().error(*root.node, "expected \"channels\", which version 2 requires");
        else if (channels->reading().is_mapping(*channels->node, "\"channels\""))
            for (const auto& [key, value] : channels->node->entries)
                if (references_.count(*channels))
                    read_channel({channels->in, key}, {channels->in, value});
        return std::move(operations_);
    }

private:
    void read_channel(const Part& key, const Part& value) {
        const auto target = references_.follow(value);
        if (!target || !target->part.reading().is_mapping(*target->part.node, "a channel"))
            return;
        check_own_keys(target->part, {});
        // The root of a server has no name of its own.
        const bool is_root = key.node->text == "/";
        auto topic = pattern_of_address(is_root ? "root" : key.node->text);
        const auto receives = References::find(target->part, "publish");
        const auto sends = References::find(target->part, "subscribe");
        if (!topic && (receives || sends)) {
            key.reading().error_in("channels", *key.node, topic.error().detail);
            return;
        }
        if (receives)
            read_operation(key, *receives, true, *topic);
        if (sends)
            read_operation(key, *sends, false, *topic);
    }

    void read_operation(const Part& channel, const Part& written, bool is_receive,
                        const Pattern& topic) {
        const auto target = references_.follow(written);
        if (!target || !target->part.reading().is_mapping(*target->part.node, "an operation"))
            return;
        // Without an id it is called as its channel, with dots, because names hold no slash.
        auto name = channel.node->text;
        auto key = channel;
        if (const auto id = References::find(target->part, "operationId")) {
            const auto text = id->reading().text("operationId", *id->node);
            if (!text)
                return;
            name = *text;
            key = *id;
        } else {
            std::ranges::replace(name, '/', '.');
        }
        std::vector<Part> messages;
        if (const auto message = References::find(target->part, "message"))
            messages.push_back(*message);
        operations_.push_back({std::move(name),
                               channel.node->text,
                               key,
                               target->part,
                               is_receive,
                               {topic, channel.place(), std::move(messages)},
                               std::nullopt});
    }

    References& references_;
    std::vector<AsyncApiOperation> operations_;
};

} // namespace

std::vector<AsyncApiOperation> read_operations_2(References& references) {
    return Version2(references).read();
}

} // namespace mesh
