#pragma once

#include "mesh/store/database.hpp"
#include "mesh/store/dead_letters.hpp"
#include "nodes/ask/survey.hpp"
#include "nodes/dead/letter_name.hpp"
#include "nodes/dead/letter_source.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace nodes {

/// The dead letters in the files of instances that do not run. While this object lives, none of
/// them can start.
class FiledLetters final : public LetterSource {
public:
    /// Opens the files of the instances that fit. One that runs is passed over; when the choice or
    /// a letter names it, that is a trouble. Throws std::runtime_error when the state folder cannot
    /// be read.
    FiledLetters(const std::string& state_folder, const std::string& realm,
                 const NodeChoice& choice, std::span<const LetterName> letters);

    std::size_t file_count() const { return files_.size(); }

    std::vector<FoundLetter> list(const LetterFilter& filter) override;
    std::vector<FoundLetter> numbered(std::uint64_t number) override;

    /// Refuses: only the running handler can.
    mesh::Result<void> retry(const FoundLetter& letter) override;
    mesh::Result<void> drop(const FoundLetter& letter) override;

private:
    struct File {
        std::string service;
        std::string instance;
        std::unique_ptr<mesh::Database> database;
        std::unique_ptr<mesh::DeadLetters> letters;
    };

    std::vector<File> files_;
};

} // namespace nodes
