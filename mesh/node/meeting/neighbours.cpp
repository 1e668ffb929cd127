#include "mesh/node/meeting/neighbours.hpp"

#include "mesh/base/hash.hpp"
#include "mesh/net/endpoints.hpp"

#include <algorithm>
#include <utility>

namespace mesh {

namespace {

constexpr std::size_t recent_contracts_max = 256;

// What strangers say can lead to so many addresses; forgetting them costs a needless dial.
constexpr std::size_t remembered_addresses_max = 4096;

// A larger contract is sent only to those who ask: replicas know it already.
constexpr std::size_t told_contract_size_bytes_max = 1024;

/// Where to dial a peer: who is at a loopback address shares this network namespace, and there his
/// id is the name of a socket.
std::string address_of(const Peer& peer) {
    return is_loopback(peer.control.host)
               ? abstract_address(control_name(peer.id, peer.incarnation))
               : tcp_address(peer.control);
}

} // namespace

Neighbours::Neighbours(zmq::context_t& context, Reactor& reactor, const Identity& identity,
                       const Cut& cut, std::size_t peers_max, Dispatch dispatch, Changed changed)
    : identity_(identity),
      cut_(cut),
      dispatch_(std::move(dispatch)),
      changed_(std::move(changed)),
      roster_(identity.id, peers_max),
      path_(context, reactor, [this](Bytes message, const ControlPath::Sender& sender) {
          receive(message, sender);
      }) {}

void Neighbours::add_address(const Endpoint& address) {
    addresses_[tcp_address(address)] = address;
    roster_.add_address(address, false);
}

void Neighbours::sight(const Sighting& sighting) {
    take(roster_.sight(sighting, now()));
}

void Neighbours::doubt(const NodeId& id) {
    take(roster_.doubt(id, now()));
}

void Neighbours::leave(const NodeId& id, std::uint32_t incarnation) {
    if (is_cut_off(id))
        return;
    take(roster_.leave(id, incarnation));
}

std::string Neighbours::encode_from_here(const ControlBody& body) const {
    return encode(ControlMessage{identity_.realm_hash, identity_.id, identity_.incarnation, body});
}

Hello Neighbours::own_hello() const {
    Hello hello;
    hello.service = identity_.service;
    hello.instance = identity_.instance;
    hello.is_observer = identity_.is_observer;
    hello.host = identity_.advertise;
    hello.control_port = identity_.control_port;
    hello.inbox_port = identity_.inbox_port;
    hello.inbox_name = identity_.inbox_name;
    hello.machine = identity_.machine;
    hello.contract_hash = identity_.contract_hash;
    hello.quarantined = quarantined_;
    return hello;
}

void Neighbours::greet(const Roster::Step& step) {
    auto hello = own_hello();
    hello.wants_answer = true;
    hello.wants_peers = !addresses_.empty();
    const auto& peer = step.peer;
    if (!step.address && is_cut_off(peer.id))
        return;
    hello.wants_contract =
        step.wants_contract && (step.address || !recent_contracts_.contains(peer.contract_hash));
    // To a stranger, who is going to ask for it.
    if (step.wants_contract && identity_.encoded_contract.size() <= told_contract_size_bytes_max)
        hello.contract = identity_.encoded_contract;
    const auto to = step.address ? tcp_address(*step.address) : line_to(peer);
    if (step.address)
        greeted_[to] = *step.address;
    if (greeted_.size() > remembered_addresses_max)
        greeted_.clear();
    if (is_unanswered_.size() > remembered_addresses_max)
        is_unanswered_.clear();
    // Whoever did not answer the last time is dialled afresh.
    if (std::exchange(is_unanswered_[to], true))
        path_.hang_up(to);
    const auto message = encode_from_here(hello);
    path_.send(to, message);
    if (const auto route = routes_.find(peer.id); !step.address && route != routes_.end())
        path_.answer(route->second, message);
}

/// Where the peer is dialled. An earlier run of it that did not say goodbye is hung up on.
std::string Neighbours::line_to(const Peer& peer) {
    auto address = address_of(peer);
    auto& line = lines_[peer.id];
    if (!line.empty() && line != address)
        hang_up(line);
    line = address;
    return address;
}

void Neighbours::hang_up(const std::string& address) {
    is_unanswered_.erase(address);
    path_.hang_up(address);
}

void Neighbours::take(const std::vector<Roster::Step>& steps) {
    for (const auto& step : steps) {
        if (step.kind == Roster::Step::Kind::greet) {
            greet(step);
            continue;
        }
        if (step.peer.state == PeerState::gone) {
            routes_.erase(step.peer.id);
            asking_.erase(step.peer.id);
            hang_up(line_to(step.peer));
            lines_.erase(step.peer.id);
        }
        changed_(step.peer);
        if (step.peer.state == PeerState::active)
            tell_of(step.peer);
    }
}

void Neighbours::tell_of(const Peer& newcomer) {
    auto hello = own_hello();
    hello.peers = {to_string(newcomer.control)};
    for (const auto& id : asking_)
        if (id != newcomer.id)
            send(id, hello);
}

void Neighbours::send(const NodeId& to, const ControlBody& body, bool also_back) {
    const auto* peer = roster_.find(to);
    if (peer == nullptr || is_cut_off(to))
        return;
    const auto message = encode_from_here(body);
    path_.send(line_to(*peer), message);
    if (const auto route = routes_.find(to); also_back && route != routes_.end())
        path_.answer(route->second, message);
}

void Neighbours::say_quarantined(std::vector<std::uint16_t> handlers) {
    if (std::exchange(quarantined_, std::move(handlers)) == quarantined_)
        return;
    const auto hello = own_hello();
    for (const auto& peer : roster_.peers())
        send(peer.id, hello);
}

void Neighbours::say_leave() {
    for (const auto& peer : roster_.peers())
        send(peer.id, Leave{});
}

void Neighbours::tick(Duration lateness) {
    const auto time = now();
    take(roster_.tick(time, lateness));
    path_.close_idle(time);
}

void Neighbours::receive(Bytes bytes, const ControlPath::Sender& sender) {
    const auto message = decode_control(bytes);
    if (!message)
        return malformed_(sender.host + ": " + message.error().detail);
    if (message->sender == identity_.id) { // one of the addresses leads back here
        if (const auto own = greeted_.find(sender.dialled); own != greeted_.end())
            roster_.drop_address(own->second);
        return;
    }
    if (message->realm != identity_.realm_hash || is_cut_off(message->sender))
        return;
    if (const auto* hello = std::get_if<Hello>(&message->body))
        return on_hello(*message, *hello, sender);
    const auto* peer = roster_.find(message->sender);
    if (peer == nullptr || peer->incarnation != message->incarnation)
        return;
    roster_.hear(message->sender, message->incarnation, now());
    if (!sender.route.empty())
        routes_[message->sender] = sender.route;
    if (std::holds_alternative<Leave>(message->body))
        return leave(message->sender, message->incarnation);
    if (peer->contract != nullptr)
        dispatch_(Peer(*peer), message->body);
}

std::shared_ptr<const Contract> Neighbours::contract_of(const Hello& hello) {
    if (const auto known = recent_contracts_.find(hello.contract_hash);
        known != recent_contracts_.end())
        return known->second;
    if (const auto known = contracts_.find(hello.contract_hash); known != contracts_.end())
        if (auto contract = known->second.lock())
            return contract;
    if (!hello.contract || hash64(*hello.contract) != hello.contract_hash)
        return nullptr;
    const auto decoded = decode_contract(bytes_of(*hello.contract));
    if (!decoded) {
        malformed_(hello.service + ": " + decoded.error().detail);
        return nullptr;
    }
    auto contract = std::make_shared<const Contract>(*decoded);
    if (contracts_.size() >= contracts_mark_) {
        std::erase_if(contracts_, [](const auto& one) { return one.second.expired(); });
        contracts_mark_ = 2 * contracts_.size() + recent_contracts_max;
    }
    contracts_[hello.contract_hash] = contract;
    if (recent_contracts_.size() >= recent_contracts_max)
        recent_contracts_.erase(recent_contracts_.begin());
    recent_contracts_[hello.contract_hash] = contract;
    return contract;
}

void Neighbours::on_hello(const ControlMessage& message, const Hello& hello,
                          const ControlPath::Sender& sender) {
    const auto contract = contract_of(hello);
    Peer there;
    there.id = message.sender;
    there.incarnation = message.incarnation;
    there.control = {hello.host.empty() ? sender.host : hello.host, hello.control_port};
    is_unanswered_.erase(address_of(there));
    if (hello.wants_answer) {
        auto answer = own_hello();
        if (hello.wants_contract)
            answer.contract = identity_.encoded_contract;
        answer.wants_contract = contract == nullptr;
        // One more round when its contract is still needed; it ends there, because the contract
        // comes with that answer.
        answer.wants_answer = contract == nullptr;
        if (hello.wants_peers)
            answer.peers = roster_.addresses();
        const auto bytes = encode_from_here(answer);
        if (sender.route.empty())
            path_.send(address_of(there), bytes);
        else
            path_.answer(sender.route, bytes);
    }
    if (!addresses_.empty())
        for (const auto& text : hello.peers)
            if (const auto address = parse_endpoint(text))
                if (!addresses_.contains(tcp_address(*address)))
                    roster_.add_address(*address, true);
    if (const auto newest = roster_.newest_run(message.sender);
        newest && message.incarnation < *newest)
        older_run_(hello.service + " " + hello.instance + " says that it is run " +
                   std::to_string(message.incarnation) + ", and run " + std::to_string(*newest) +
                   " was here: its state folder is an older copy, and it is heard once it has been "
                   "started as often");
    const auto* before = roster_.find(message.sender);
    const bool is_new = before == nullptr || before->contract == nullptr;
    const auto steps =
        roster_.meet(message.sender, message.incarnation, hello, sender.host, contract, now());
    if (const auto given = greeted_.find(sender.dialled); given != greeted_.end())
        roster_.answered(given->second, message.sender);
    if (roster_.find(message.sender) != nullptr) {
        if (!sender.route.empty())
            routes_[message.sender] = sender.route;
        if (hello.wants_peers)
            asking_.insert(message.sender);
        // Where this node says that it is dialled may be wrong: then only by a connection of its
        // own it can be told so.
        if (is_new && !sender.route.empty() && !identity_.advertise.empty())
            send(message.sender, own_hello());
    }
    take(steps);
}

} // namespace mesh
