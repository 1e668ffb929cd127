// NodeCore, the part that happens once: contract, identity, ports, handlers.

#include "mesh/base/hash.hpp"
#include "mesh/base/log.hpp"
#include "mesh/net/context.hpp"
#include "mesh/net/endpoints.hpp"
#include "mesh/net/ports.hpp"
#include "mesh/node/core.hpp"
#include "mesh/wire/control.hpp"

#include <algorithm>
#include <limits>
#include <random>
#include <stdexcept>
#include <utility>

namespace mesh {

namespace {

using namespace std::chrono_literals;

constexpr int port_tries_max = 200;

// Somebody has to answer before a node that was given addresses may call itself alone.
constexpr Duration address_listening = 1s;

} // namespace

void NodeCore::add_handler(HandlerSpec spec) {
    if (is_open_)
        throw std::logic_error("handlers are declared before the node starts");
    specs_.push_back(std::move(spec));
}

void NodeCore::open() {
    if (is_open_)
        return;
    claim_instance();
    fix_contract();
    identity_.realm = options_.realm;
    identity_.realm_hash = hash64(options_.realm);
    identity_.is_observer = options_.is_observer;
    identity_.machine = machine_identity();
    identity_.advertise = options_.advertise;
    if (!options_.is_tcp_only)
        identity_.inbox_name = "dagmesh-" + to_string(NodeId::random());

    const auto send = [this](const NodeId& to, const ControlBody& body) {
        neighbours_->send(to, body,
                          std::holds_alternative<Unreachable>(body) ||
                              std::holds_alternative<Open>(body));
    };
    const auto doubt = [this](const NodeId& id) { neighbours_->doubt(id); };
    outgoing_.emplace(context_, reactor_, identity_, options_, send, doubt);
    open_disk();
    if (disk_)
        outgoing_->keep_on(*disk_, send, doubt);
    prepare_answering();
    make_handlers();
    incoming_.emplace(
        reactor_, identity_, cut_, handlers_, send,
        [this](std::uint64_t journal, SubscriptionIndex index, const Progress& progress,
               Volume window) { outgoing_->acknowledge_self(journal, index, progress, window); });
    if (tap)
        incoming_->set_tap([this](const ArrivedEvent& event) { show(event); });
    remember_places();
    inbox_.emplace(context_, reactor_, [this](SharedMessage message) {
        const Bytes bytes = bytes_of(*message);
        incoming_->receive(std::move(message), bytes);
    });
    neighbours_.emplace(
        context_, reactor_, identity_, cut_, options_.peers_max,
        [this](const Peer& from, const ControlBody& body) { dispatch(from, body); },
        [this](const Peer& peer) { peer_changed(peer); });
    bind();
    serve_own_handlers(0);
    if (outgoing_->journal() != 0)
        serve_own_handlers(outgoing_->journal());
    for (const auto& address : options_.peers)
        neighbours_->add_address(address);
    if (!options_.peers.empty())
        readiness_.listen_for(address_listening);
    is_open_ = true;
}

void NodeCore::claim_instance() {
    identity_.service = options_.service;
    if (options_.is_passing) {
        instance_.emplace(Instance::passing());
    } else {
        const auto folder =
            options_.state_folder.empty() ? default_state_folder() : options_.state_folder;
        auto claimed = Instance::claim(folder, options_.realm, options_.service, options_.instance);
        if (!claimed && (claimed.error().code == ErrorCode::refused || !options_.instance.empty() ||
                         !options_.state_folder.empty()))
            throw std::runtime_error(claimed.error().detail);
        if (!claimed)
            log(LogLevel::warning,
                "no state is kept, a restart will be a new replica: " + claimed.error().detail);
        instance_.emplace(claimed ? std::move(*claimed) : Instance::passing());
    }
    identity_.id = instance_->id();
    identity_.incarnation = instance_->incarnation();
    identity_.instance = instance_->name();
}

void NodeCore::fix_contract() {
    auto& contract = identity_.contract;
    contract.service = options_.service;
    if (!options_.publishes.empty()) {
        contract.publishes.emplace();
        for (const auto& text : options_.publishes) {
            auto pattern = Pattern::parse(text);
            if (!pattern)
                throw std::invalid_argument("publishes: " + pattern.error().detail);
            contract.publishes->push_back(std::move(*pattern));
        }
    }
    for (const auto& spec : specs_) {
        check_spec(spec);
        contract.handlers.push_back(spec.contract);
        for (const auto& [emits, rounds_max] : spec.loops)
            contract.loops.push_back({spec.contract.name, emits, rounds_max});
    }
    if (contract.handlers.size() > handlers_max)
        throw std::invalid_argument("more than " + std::to_string(handlers_max) + " handlers");
    for (const auto& handler : contract.handlers) {
        const auto count =
            std::ranges::count(contract.handlers, handler.name, &HandlerContract::name);
        if (count > 1)
            throw std::invalid_argument("two handlers are called \"" + handler.name + "\"");
        if (!contract.publishes || !handler.emits)
            continue;
        for (const auto& emitted : *handler.emits)
            if (std::ranges::none_of(*contract.publishes, [&](const Pattern& published) {
                    return contains(published, emitted);
                }))
                throw std::invalid_argument("handler \"" + handler.name + "\" emits \"" +
                                            emitted.text() + "\", which `publishes` does not hold");
    }
    topics_.declare(published_patterns(contract), EventRules(options_.events));
    constexpr auto never = std::numeric_limits<std::uint64_t>::max();
    compress_from_bytes_min_ = std::min(options_.compress_from_bytes.value_or(never),
                                        topics_.rules().compress_from_bytes_min().value_or(never));
    if (topics_.rules().compress_from_bytes_min() && !has_compression())
        log(LogLevel::warning, "some topics are to be compressed, but this dagmesh was built "
                               "without zstd: they are published as they are");
    identity_.encoded_contract = encode_contract(contract);
    identity_.contract_hash = hash64(identity_.encoded_contract);
    chains_.note(identity_.contract_hash, contract);
    chains_.update();
}

void NodeCore::bind() {
    std::vector<std::string> hosts;
    if (options_.listen) {
        hosts.push_back(options_.listen->host);
        if (!is_loopback(options_.listen->host))
            log(LogLevel::warning, "insecure: listening on " + to_string(*options_.listen) +
                                       " without encryption; anybody there can join");
    } else {
        hosts.emplace_back("127.0.0.1");
    }
    for (const auto& name : options_.interfaces)
        for (const auto& one : interfaces_named(name)) {
            const bool is_named = options_.listen && options_.listen->host == one.address;
            // An IPv6 address that the kernel still probes for doubles cannot be bound yet.
            if (is_named || (one.is_v6 && !can_bind(context_, one.address)))
                continue;
            hosts.push_back(one.address);
            log(LogLevel::warning, "insecure: listening on " + one.address + " (" + name +
                                       ") without encryption; anybody there can join");
        }
    if (!identity_.inbox_name.empty())
        inbox_->bind_abstract(identity_.inbox_name);
    neighbours_->path().bind_abstract(control_name(identity_.id, identity_.incarnation));
    if (options_.listen && options_.listen->port != 0) {
        if (!bind_at(hosts, options_.listen->port))
            throw std::runtime_error("--listen " + to_string(*options_.listen) +
                                     ": this port or the next, which is the inbox, is taken");
        return;
    }
    auto range = listening_ports(ephemeral_ports());
    if (range.first == 0) {
        log(LogLevel::info, "every port is ephemeral here; listening on one of them");
        range = {20000, 32767};
    }
    std::minstd_rand random{std::random_device{}()};
    std::uniform_int_distribution<unsigned> draw(range.first, range.last - 1U);
    for (int i = 0; i < port_tries_max; ++i)
        if (bind_at(hosts, static_cast<std::uint16_t>(draw(random))))
            return;
    throw std::runtime_error("no free port among " + std::to_string(range.first) + " to " +
                             std::to_string(range.last));
}

bool NodeCore::bind_at(const std::vector<std::string>& hosts, std::uint16_t port) {
    const auto next = static_cast<std::uint16_t>(port + 1);
    for (std::size_t i = 0; i < hosts.size(); ++i) {
        const bool has_control = neighbours_->path().bind({hosts[i], port});
        if (has_control && inbox_->bind({hosts[i], next}))
            continue;
        if (has_control)
            neighbours_->path().unbind({hosts[i], port});
        for (std::size_t k = 0; k < i; ++k) {
            neighbours_->path().unbind({hosts[k], port});
            inbox_->unbind({hosts[k], next});
        }
        return false;
    }
    identity_.control_port = port;
    identity_.inbox_port = next;
    identity_.hosts = hosts;
    return true;
}

void NodeCore::prepare_joining() {
    AdmissionOptions admission;
    admission.is_strict = options_.is_strict;
    admission.peers_max = std::min(options_.peers_max, join_members_max);
    admission.listening = std::max(admission.listening, readiness_.listening());
    joining_.emplace(reactor_, identity_, handlers_, admission,
                     Joining::Hooks{[this](const NodeId& to, const ControlBody& body) {
                                        neighbours_->send(to, body, true);
                                    },
                                    [this](std::size_t handler) {
                                        incoming_->change_handler(handler,
                                                                  [this](std::uint64_t journal) {
                                                                      serve_own_handlers(journal);
                                                                  });
                                    },
                                    [this] {
                                        if (joining_->is_refused())
                                            return refuse();
                                        neighbours_->say_quarantined(joining_->quarantined());
                                    }});
}

void NodeCore::serve_own_handlers(std::uint64_t journal) {
    if (!reaches(identity_.contract, identity_.contract))
        return;
    const auto opened = incoming_->open_self(journal);
    std::vector<SubscriptionRequest> requests;
    for (const auto& one : opened.subscriptions) {
        const auto& handler = identity_.contract.handlers[handler_of(one.index)];
        SubscriptionRequest request;
        request.key = identity_.service + "/" + handler.name + "/" + identity_.instance;
        if (one.is_shared)
            request.group = identity_.service + "/" + handler.name;
        request.index = one.index;
        request.patterns = heard_patterns(handler);
        request.policy = one.policy;
        request.depth = one.depth;
        request.start.from = one.from;
        request.window = {one.window_events, one.window_bytes};
        if (one.is_resumed)
            request.start.resume = Progress{one.position, {one.events, one.bytes}};
        if (one.is_remembered)
            request.start.handled = one.position;
        add_request(requests, std::move(request));
    }
    outgoing_->serve_self(journal, opened.session, requests,
                          [this](ReceivedBatch batch) { incoming_->receive(std::move(batch)); });
}

} // namespace mesh
