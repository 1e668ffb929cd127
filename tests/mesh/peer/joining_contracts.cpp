#include "tests/mesh/peer/joining_contracts.hpp"

#include "tests/mesh/graph/contracts.hpp"

#include <string>
#include <utility>

namespace joining_test {

namespace {

using Contracts = std::vector<std::shared_ptr<const mesh::Contract>>;

std::shared_ptr<const mesh::Contract> shared(const std::string& service,
                                             std::vector<mesh::HandlerContract> handlers) {
    return std::make_shared<const mesh::Contract>(
        graph_test::contract(service, std::move(handlers)));
}

mesh::HandlerContract relay(const std::string& name, const std::string& on,
                            const std::string& emits) {
    return graph_test::handler(name, {on}, graph_test::Names{emits});
}

/// Parsed once: a hundred thousand seeds draw them again and again.
const std::vector<mesh::Pattern>& topics() {
    static const std::vector<mesh::Pattern> all = [] {
        std::vector<mesh::Pattern> parsed;
        for (const auto* text : {"a.x", "a.y", "b.x", "b.y.z", "c", "d.x"})
            parsed.push_back(*mesh::Pattern::parse(text));
        return parsed;
    }();
    return all;
}

const std::vector<mesh::Pattern>& wildcards() {
    static const std::vector<mesh::Pattern> all = [] {
        std::vector<mesh::Pattern> parsed;
        for (const auto* text : {"a.*", "*.x", "b.>"})
            parsed.push_back(*mesh::Pattern::parse(text));
        return parsed;
    }();
    return all;
}

class Drawer {
public:
    Drawer(Random& random, std::size_t count)
        : random_(random), count_(count), topic_count_(2 + draw(topics().size() - 1)) {}

    Contracts draw_all() {
        const bool is_ring = one_in(2);
        const auto ring_size = 2 + draw(count_ - 1);
        Contracts all;
        for (std::size_t i = 0; i < count_; ++i) {
            if (is_ring && i < ring_size)
                all.push_back(ring(i, ring_size));
            else if (i > 0 && one_in(6))
                all.push_back(all[draw(i)]); // a replica
            else
                all.push_back(any(i > 0 && one_in(8) ? all[draw(i)]->service : name(i)));
        }
        return all;
    }

private:
    std::size_t draw(std::size_t below) { return random_() % below; }

    bool one_in(std::size_t times) { return draw(times) == 0; }

    static std::string name(std::size_t index) { return {static_cast<char>('a' + index)}; }

    mesh::Pattern topic() { return topics()[draw(topic_count_)]; }

    mesh::Pattern pattern() { return one_in(6) ? wildcards()[draw(wildcards().size())] : topic(); }

    static std::shared_ptr<const mesh::Contract> ring(std::size_t index, std::size_t size) {
        mesh::Contract made{name(index), {}, {}, {}};
        made.handlers.push_back({"next",
                                 {topics()[index % topics().size()]},
                                 std::vector{topics()[(index + 1) % size % topics().size()]},
                                 {}});
        return std::make_shared<const mesh::Contract>(std::move(made));
    }

    std::shared_ptr<const mesh::Contract> any(const std::string& service) {
        mesh::Contract made{service, {}, {}, {}};
        for (auto handlers = 1 + draw(2); handlers > 0; --handlers) {
            mesh::HandlerContract handler{"h" + std::to_string(handlers), {pattern()}, {}, {}};
            handler.emits = std::vector<mesh::Pattern>{};
            if (!one_in(8))
                handler.emits->push_back(one_in(4) ? pattern() : topic());
            // What causes itself is never admitted: now and then is enough.
            if (!handler.emits->empty() &&
                mesh::intersects(handler.emits->front(), handler.on[0]) && !one_in(5))
                handler.on = {topics()[draw(topics().size())]};
            if (one_in(6))
                handler.after = {topic()};
            made.handlers.push_back(std::move(handler));
        }
        if (one_in(6) && !made.handlers[0].emits->empty())
            made.loops.push_back({made.handlers[0].name, made.handlers[0].emits->front(), 3});
        return std::make_shared<const mesh::Contract>(std::move(made));
    }

    Random& random_;
    std::size_t count_;
    std::size_t topic_count_;
};

} // namespace

std::vector<std::shared_ptr<const mesh::Contract>> draw_contracts(Random& random,
                                                                  std::size_t count) {
    return Drawer(random, count).draw_all();
}

std::vector<NamedContracts> contracts_of_three() {
    return {
        {"a ring of three",
         {shared("a", {relay("h", "x", "y")}), shared("b", {relay("h", "y", "z")}),
          shared("c", {relay("h", "z", "x")})}},
        {"a chain",
         {shared("a", {relay("h", "x", "y")}), shared("b", {relay("h", "y", "z")}),
          shared("c", {relay("h", "z", "w")})}},
        {"each with each",
         {shared("a", {relay("h", "x", "x.y")}), shared("b", {relay("h", "x.*", "x")}),
          shared("c", {relay("h", "x", "x.z")})}},
        {"two replicas against one",
         {shared("a", {relay("h", "x", "y")}), shared("a", {relay("h", "x", "y")}),
          shared("c", {relay("h", "y", "x")})}},
        {"two handlers each, one of them in a ring",
         {shared("a", {relay("good", "k", "l"), relay("bad", "x", "y")}),
          shared("b", {relay("good", "l", "m"), relay("bad", "y", "z")}),
          shared("c", {relay("good", "m", "n"), relay("bad", "z", "x")})}},
    };
}

} // namespace joining_test
