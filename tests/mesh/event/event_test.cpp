#include "mesh/event/event.hpp"
#include "tests/support/catch.hpp"

#include <set>

using namespace mesh;

TEST_CASE("an event's id reads as source, incarnation and sequence") {
    const EventId id{{{std::byte{0xab}}}, 3, 17};
    CHECK(to_string(id) == "ab000000000000000000000000000000.3.17");
}

TEST_CASE("root events of one source have traces of their own, always the same") {
    const NodeId source{{std::byte{1}, std::byte{2}}};
    std::set<TraceId> traces;
    for (std::uint32_t incarnation = 1; incarnation <= 10; ++incarnation)
        for (std::uint64_t sequence = 1; sequence <= 1'000; ++sequence)
            traces.insert(trace_of_root({source, incarnation, sequence}));
    CHECK(traces.size() == 10'000);
    CHECK(trace_of_root({source, 1, 1}) == trace_of_root({source, 1, 1}));
    CHECK(trace_of_root({source, 1, 1}) != trace_of_root({NodeId{}, 1, 1}));
}

TEST_CASE("an emitted event belongs to its root's trace") {
    Event event;
    event.id = {NodeId{{std::byte{9}}}, 1, 5};
    CHECK(event.trace() == trace_of_root(event.id));
    Cause cause;
    cause.trace = trace_of_root({NodeId{}, 7, 7});
    event.cause = cause;
    CHECK(event.trace() == cause.trace);
}
