#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace mesh {

/// A small file beside the database that says how far a journal has come. SQLite ends its log at
/// the first damaged byte, in silence: without the mark, the events behind it would not be missed,
/// and their sequences would be used again. It is written after each commit and never waited for;
/// when it is older than the database, or gone, the database is right.
class JournalMark {
public:
    struct Place {
        std::uint64_t journal = 0; ///< whose it is
        std::uint64_t last = 0;    ///< the last sequence that was stored
        std::uint64_t trimmed_to = 0;

        bool operator==(const Place&) const = default;
    };

    /// Opens the file, and makes it when it is missing. Without it the journal works too, so what
    /// goes wrong is logged and no error.
    explicit JournalMark(const std::string& path);

    JournalMark(const JournalMark&) = delete;
    JournalMark& operator=(const JournalMark&) = delete;
    JournalMark(JournalMark&&) = delete;
    JournalMark& operator=(JournalMark&&) = delete;
    ~JournalMark();

    /// The newest place that was written and is intact.
    std::optional<Place> read();

    void write(const Place& place);

private:
    std::string path_;
    int file_ = -1;
    std::uint64_t writes_ = 0; ///< two places take turns, so that one cut short leaves the other
};

} // namespace mesh
