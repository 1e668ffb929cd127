#pragma once

#include "nodes/ask/survey.hpp"
#include "nodes/dead/letter_source.hpp"

#include <string>
#include <vector>

namespace nodes {

/// The dead letters of nodes that run: asks them.
class AskedLetters final : public LetterSource {
public:
    /// Asks who fits `choice` and is in view now.
    AskedLetters(Survey& survey, const NodeChoice& choice);

    std::size_t node_count() const { return nodes_.size(); }

    std::vector<FoundLetter> list(const LetterFilter& filter) override;
    std::vector<FoundLetter> numbered(std::uint64_t number) override;
    mesh::Result<void> retry(const FoundLetter& letter) override;
    mesh::Result<void> drop(const FoundLetter& letter) override;

private:
    std::vector<FoundLetter> ask_all(const mesh::Question& question);
    mesh::Result<void> order(const FoundLetter& letter, mesh::Question::Kind kind);

    Survey& survey_;
    std::vector<mesh::Peer> nodes_;
};

} // namespace nodes
