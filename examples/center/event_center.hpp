#pragma once

#include "discovery/discovery.hpp"
#include "mesh/node.hpp"

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What is to be done.
struct Work {
    int number = 0;
    MSGPACK_DEFINE_MAP(number)
};

/// In which order a handler got its work.
struct Told {
    std::string strategy;
    std::vector<int> order;
    int at_once = 0; ///< how many it had in hand at a time, at most
    MSGPACK_DEFINE_MAP(strategy, order, at_once)
};

/// Whoever wants to be told. In which order, and how many at once, is a strategy that it names.
class Handler {
public:
    struct Strategy {
        std::string name;
        mesh::LaneOrder order = mesh::LaneOrder::fifo;
        std::uint32_t workers = 1;
    };

    explicit Handler(Strategy strategy) : strategy_(std::move(strategy)) {}

    virtual ~Handler() = default;
    Handler(const Handler&) = delete;
    Handler& operator=(const Handler&) = delete;

    const Strategy& strategy() const { return strategy_; }

    virtual void handle(const mesh::Event& event, mesh::Emitter& emit) = 0;

private:
    Strategy strategy_;
};

/// Says what happened.
class Publisher {
public:
    explicit Publisher(mesh::Node& node) : node_(node) {}

    /// All of them in order and with nothing in between, or throws.
    void publish(const std::vector<mesh::NewEvent>& events) {
        if (const auto published = node_.publish_all(events); !published)
            throw std::runtime_error(published.error().detail);
    }

private:
    mesh::Node& node_;
};

/// Has handlers told of what it subscribes to.
class Subscriber {
public:
    explicit Subscriber(mesh::Node& node) : node_(node) {}

    void subscribe(std::string_view topic, Handler& handler) {
        const auto& strategy = handler.strategy();
        node_
            .on(topic, [&handler](const mesh::Event& event,
                                  mesh::Emitter& emit) { handler.handle(event, emit); })
            .named(strategy.name)
            .emits({"work.told"})
            .order(strategy.order)
            .workers(strategy.workers);
    }

    /// The same for events that are taken from a queue, when it suits.
    void subscribe(std::string_view topic, std::string_view name, mesh::EventQueue& queue) {
        node_.on(topic, queue).named(name).emits({"work.told"});
    }

private:
    mesh::Node& node_;
};

/// The event centre of the textbooks, which publishers and subscribers know instead of each other.
/// Here it is a node of a mesh, one in each process that has some: there is nothing in the middle
/// that could be slow, or die.
class EventCenter {
public:
    explicit EventCenter(const std::string& service)
        : node_({.service = service, .publishes = {"work.created", "work.told"}}) {}

    Publisher publisher() { return Publisher(node_); }

    Subscriber subscriber() { return Subscriber(node_); }

    void start() { node_.start(); }

    /// Until all that was published is handled. Throws when it is not in time.
    void wait_until_handled() {
        if (!node_.wait_dry(std::chrono::seconds(20)))
            throw std::runtime_error("not all was handled in time");
    }

private:
    mesh::Node node_;
    discovery::Discovery discovery_{node_};
};
