#include "mesh/flow/receiving/completion.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_bytes.hpp"

#include <vector>

using namespace mesh;

TEST_CASE("what finishes out of order counts once everything before it has finished") {
    Completion completion;
    const auto first = completion.expect({3, {1, 10}});
    const auto second = completion.expect({5, {2, 30}});
    const auto third = completion.expect({9, {3, 35}});
    CHECK_FALSE(completion.is_complete());

    completion.finish(third);
    CHECK(completion.progress() == Progress{});
    completion.finish(first);
    CHECK(completion.progress() == Progress{3, {1, 10}});
    completion.finish(second);
    CHECK(completion.progress() == Progress{9, {3, 35}});
    CHECK(completion.is_complete());
}

TEST_CASE("what was forgotten does not count when it finishes, and what comes again does") {
    Completion completion;
    completion.finish(completion.expect({1, {1, 1}}));
    const auto lost = completion.expect({2, {2, 2}});
    const auto done = completion.expect({3, {3, 3}});
    completion.finish(done);
    completion.restart();
    CHECK(completion.progress() == Progress{1, {1, 1}});

    const auto again = completion.expect({2, {2, 2}});
    completion.finish(lost);
    completion.finish(done);
    CHECK(completion.progress() == Progress{1, {1, 1}});
    completion.finish(again);
    CHECK(completion.progress() == Progress{2, {2, 2}});
}

TEST_CASE("in any order, the progress is that of the longest finished beginning") {
    const std::uint64_t seed = 20'261'120;
    CAPTURE(seed);
    tests::Random random(seed);

    struct Piece {
        Completion::Ticket ticket;
        Progress after;
        bool is_finished;
    };

    for (int round = 0; round < 200; ++round) {
        Completion completion;
        std::vector<Piece> pieces;
        Progress reached;
        for (int step = 0; step < 300; ++step) {
            if (pieces.empty() || random() % 2 == 0) {
                reached.position += 1 + random() % 3;
                reached.volume = reached.volume + Volume{1, random() % 100};
                pieces.push_back({completion.expect(reached), reached, false});
            } else {
                auto& piece = pieces[random() % pieces.size()];
                completion.finish(piece.ticket); // twice does no harm
                piece.is_finished = true;
            }
            Progress expected;
            for (const auto& piece : pieces) {
                if (!piece.is_finished)
                    break;
                expected = piece.after;
            }
            REQUIRE(completion.progress() == expected);
        }
    }
}
