#include "mesh/base/suggest.hpp"
#include "mesh/event/name.hpp"
#include "mesh/manifest/asyncapi_fields.hpp"
#include "mesh/manifest/asyncapi_names.hpp"
#include "mesh/manifest/asyncapi_operation.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace mesh {

namespace {

constexpr const char* emits_key = "x-dagmesh-emits";

class ServiceReading {
public:
    ServiceReading(References& references, const std::vector<AsyncApiOperation>& operations,
                   ManifestDocument& document, ServiceManifest& service)
        : references_(references),
          operations_(operations),
          document_(document),
          service_(service) {}

    void read() {
        service_.contract.publishes.emplace();
        for (const auto& operation : operations_)
            if (!operation.is_receive)
                read_send(operation);
        for (const auto& operation : operations_)
            if (operation.is_receive)
                read_receive(operation);
    }

private:
    void read_send(const AsyncApiOperation& operation) {
        check_own_keys(operation.value, {});
        publish(operation.channel);
        add_event(operation.channel, EventSource::sender, false);
        const auto [first, is_new] = sends_.emplace(operation.name, &operation);
        if (!is_new)
            operation.key.reading().error(*operation.key.node,
                                          "operation " + in_quotes(operation.name) +
                                              " stands here twice, first at " +
                                              to_string(first->second->key.place()));
    }

    void publish(const AsyncApiChannel& channel) {
        if (!published_.insert(channel.topic.text()).second)
            return;
        service_.contract.publishes->push_back(channel.topic);
        service_.publishes_places.push_back(channel.place);
    }

    void read_receive(const AsyncApiOperation& operation) {
        check_own_keys(operation.value, {emits_key});
        HandlerContract contract;
        HandlerManifest handler;
        contract.name = name_of_text(operation.name);
        contract.on = {operation.channel.topic};
        handler.name = contract.name;
        handler.place = operation.key.place();
        handler.on_places = {operation.channel.place};
        if (const auto checked = check_name(contract.name); !checked) {
            operation.key.reading().error(*operation.key.node, checked.error().detail);
            return;
        }
        const auto [first, is_new] = receives_.emplace(contract.name, handler.place);
        if (!is_new) {
            operation.key.reading().error(*operation.key.node, "handler " +
                                                                   in_quotes(contract.name) +
                                                                   " stands here twice, first at " +
                                                                   to_string(first->second));
            return;
        }
        read_emits(operation, contract, handler);
        add_event(operation.channel, EventSource::receiver, false);
        service_.contract.handlers.push_back(std::move(contract));
        service_.handlers.push_back(std::move(handler));
    }

    /// The standard has one causal link, the reply; `x-dagmesh-emits` names the others. Without
    /// both it is unknown what is emitted, unless there is nothing to emit.
    void read_emits(const AsyncApiOperation& operation, HandlerContract& contract,
                    HandlerManifest& handler) {
        std::set<std::string> seen;
        const auto emit = [&](const Pattern& topic, const Place& place) {
            if (!seen.insert(topic.text()).second)
                return false;
            contract.emits->push_back(topic);
            handler.emits_places.push_back(place);
            return true;
        };
        const auto listed = References::find(operation.value, emits_key);
        if (listed || operation.reply || sends_.empty())
            contract.emits.emplace();
        if (listed)
            for (const auto* item : listed->reading().one_or_more(emits_key, *listed->node)) {
                const auto* const send = find_send({listed->in, item});
                if (send != nullptr && !emit(send->channel.topic, listed->in->reading.place(*item)))
                    listed->reading().warn(*item, "repeated-entry",
                                           in_quotes(emits_key) + " names " +
                                               in_quotes(send->channel.topic.text()) + " twice");
            }
        if (operation.reply) {
            emit(operation.reply->topic, operation.reply->place);
            publish(*operation.reply);
            // One requester gets it, so nobody needs to handle it.
            add_event(*operation.reply, EventSource::sender, true);
        }
    }

    /// The operation that an entry of `x-dagmesh-emits` names, or null after an error.
    const AsyncApiOperation* find_send(const Part& entry) {
        const auto name = entry.reading().text(emits_key, *entry.node);
        if (!name)
            return nullptr;
        if (const auto found = sends_.find(*name); found != sends_.end())
            return found->second;
        if (sends_by_alias_.empty())
            for (const auto& operation : operations_)
                if (!operation.is_receive)
                    sends_by_alias_.emplace(operation.alias, &operation);
        const auto found = sends_by_alias_.find(*name);
        if (found != sends_by_alias_.end())
            return found->second;
        std::vector<std::string> known;
        for (const auto& [send, operation] : sends_)
            if (entry.reading().tells_errors() && known.size() < suggestions_max)
                known.push_back(send);
        entry.reading().error_in(emits_key, *entry.node,
                                 "there is no operation " + in_quotes(*name) + " that sends" +
                                     (name->size() < 40 ? did_you_mean(*name, known) : ""));
        return nullptr;
    }

    void add_event(const AsyncApiChannel& channel, EventSource source, bool is_terminal) {
        FieldTypes types;
        for (const auto& message : channel.messages)
            read_message_fields(references_, message, types);
        document_.events.push_back({.name = channel.topic,
                                    .fields = fields_of(types),
                                    .key = {},
                                    .is_terminal = is_terminal,
                                    .source = source,
                                    .place = channel.place});
    }

    static constexpr std::size_t suggestions_max = 200;

    References& references_;
    const std::vector<AsyncApiOperation>& operations_;
    ManifestDocument& document_;
    ServiceManifest& service_;
    std::map<std::string, const AsyncApiOperation*> sends_;
    std::map<std::string, const AsyncApiOperation*> sends_by_alias_;
    std::map<std::string, Place> receives_;
    std::set<std::string> published_;
};

} // namespace

void read_operations(References& references, const std::vector<AsyncApiOperation>& operations,
                     ManifestDocument& document, ServiceManifest& service) {
    ServiceReading(references, operations, document, service).read();
}

void check_own_keys(const Part& map, const std::vector<std::string>& known) {
    for (const auto& [key, value] : map.node->entries)
        if (key->text.starts_with("x-dagmesh-") &&
            std::ranges::find(known, key->text) == known.end())
            map.reading().error(*key,
                                "unknown key " + in_quotes(key->text) + " here" +
                                    (key->text.size() < 40 ? did_you_mean(key->text, known) : ""));
}

} // namespace mesh
