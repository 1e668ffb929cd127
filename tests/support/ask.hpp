#pragma once

#include "mesh/wire/question.hpp"
#include "tests/support/test_realm.hpp"

#include <chrono>
#include <future>
#include <memory>
#include <optional>

namespace tests {

/// What `to` answers when `from` asks it; nothing when it does not within 20 s.
inline std::optional<mesh::Answer> ask(TestNode& from, TestNode& to,
                                       const mesh::Question& question) {
    const auto answered = std::make_shared<std::promise<mesh::Answer>>();
    from->ask(to->identity().id, question,
              [answered](const mesh::Answer& answer) { answered->set_value(answer); });
    auto future = answered->get_future();
    if (future.wait_for(std::chrono::seconds(20)) != std::future_status::ready)
        return std::nullopt;
    return future.get();
}

inline mesh::Question question(mesh::Question::Kind kind, std::uint64_t letter = 0) {
    mesh::Question made;
    made.kind = kind;
    made.letter = letter;
    return made;
}

} // namespace tests
