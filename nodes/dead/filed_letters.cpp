#include "nodes/dead/filed_letters.hpp"

#include "mesh/store/stored_instances.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

namespace nodes {

namespace {

constexpr std::size_t page = 1000;

mesh::LetterNote note_of(const mesh::StoredLetter& letter) {
    mesh::LetterNote note;
    note.number = letter.number;
    note.handler = letter.handler;
    note.reason = letter.reason;
    note.error = letter.error;
    note.attempts = letter.attempts;
    note.died_us = letter.died_us;
    note.topic = letter.topic;
    note.id = letter.id;
    note.service = letter.service;
    note.time_us = letter.time_us;
    note.key = letter.key;
    note.is_damaged = letter.is_damaged;
    note.payload_size_bytes = letter.payload.size();
    note.content_type = letter.content_type;
    note.headers = letter.headers;
    note.cause = letter.cause;
    note.path = letter.path;
    return note;
}

template <class T>
std::optional<T> given(const T& value) {
    return value.empty() ? std::nullopt : std::optional(value);
}

} // namespace

FiledLetters::FiledLetters(const std::string& state_folder, const std::string& realm,
                           const NodeChoice& choice, std::span<const LetterName> letters) {
    const auto is_named = [&](const mesh::StoredInstance& one) {
        return !choice.service.empty() || !choice.instance.empty() ||
               std::ranges::any_of(letters, [&](const LetterName& letter) {
                   return letter.service == one.service && letter.instance == one.name;
               });
    };
    const auto instances = mesh::stored_instances(state_folder, realm);
    if (!instances)
        throw std::runtime_error(instances.error().detail);
    for (const auto& one : *instances) {
        if (!choice.fits(one.service, one.name))
            continue;
        auto database = mesh::Database::open(one.path, mesh::Sync::power);
        const auto label = one.service + "/" + one.name;
        if (!database) {
            const bool is_running = database.error().code == mesh::ErrorCode::refused;
            if (!is_running)
                note_trouble(label + ": " + database.error().detail);
            else if (is_named(one))
                note_trouble(label + " runs: ask it, without --stopped");
            continue;
        }
        auto kept = mesh::DeadLetters::open(**database, {});
        if (!kept) {
            note_trouble(label + ": " + kept.error().detail);
            continue;
        }
        files_.push_back({one.service, one.name, std::move(*database), std::move(*kept)});
    }
}

std::vector<FoundLetter> FiledLetters::list(const LetterFilter& filter) {
    mesh::DeadLetterFilter wanted{given(filter.handler), std::nullopt, given(filter.reason)};
    if (!filter.topic.empty())
        wanted.topic = *mesh::Pattern::parse(filter.topic); // checked before
    std::vector<FoundLetter> found;
    for (const auto& file : files_)
        for (std::uint64_t after = 0;;) {
            const auto letters = file.letters->list(wanted, page, after);
            if (!letters)
                note_trouble(file.service + "/" + file.instance + ": " + letters.error().detail);
            if (!letters || letters->empty())
                break;
            for (const auto& letter : *letters)
                found.push_back({file.service, file.instance, note_of(letter)});
            after = letters->back().number;
        }
    return found;
}

std::vector<FoundLetter> FiledLetters::numbered(std::uint64_t number) {
    std::vector<FoundLetter> found;
    for (const auto& file : files_) {
        const auto letter = file.letters->find(number);
        if (!letter)
            note_trouble(file.service + "/" + file.instance + ": " + letter.error().detail);
        if (!letter || !*letter)
            continue;
        auto note = note_of(**letter);
        note.payload = (*letter)->payload;
        found.push_back({file.service, file.instance, std::move(note)});
    }
    return found;
}

mesh::Result<void> FiledLetters::retry(const FoundLetter& letter) {
    return mesh::fail(mesh::ErrorCode::refused,
                      letter.service + "/" + letter.instance + " does not run: start it first");
}

mesh::Result<void> FiledLetters::drop(const FoundLetter& letter) {
    const auto file = std::ranges::find_if(files_, [&](const File& one) {
        return one.service == letter.service && one.instance == letter.instance;
    });
    const auto dropped = file->letters->drop(letter.note.number);
    if (!dropped)
        return tl::unexpected(dropped.error());
    if (!*dropped)
        return mesh::fail(mesh::ErrorCode::invalid, "there is no such letter any more");
    return {};
}

} // namespace nodes
