#include "mesh/store/journal_mark.hpp"

#include "mesh/base/log.hpp"
#include "mesh/store/checksum.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace mesh {

namespace {

/// As it lies in the file, little-endian; the second one begins a disk sector later.
struct Slot {
    std::uint64_t writes;
    std::uint64_t journal;
    std::uint64_t last;
    std::uint64_t trimmed_to;
    std::uint64_t checksum;
};

constexpr off_t slot_distance_bytes = 4096;

std::uint64_t checksum_of(const Slot& slot) {
    return Checksum(slot.journal).add(slot.writes).add(slot.last).add(slot.trimmed_to).value();
}

} // namespace

JournalMark::JournalMark(const std::string& path) : path_(path) {
    file_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file_ < 0)
        log(LogLevel::warning, path + ": " + std::strerror(errno) +
                                   "; the journal works without it, but cannot tell when the end "
                                   "of its log is lost");
}

JournalMark::~JournalMark() {
    if (file_ >= 0)
        close(file_);
}

std::optional<JournalMark::Place> JournalMark::read() {
    std::optional<Place> newest;
    for (const off_t at : {off_t{0}, slot_distance_bytes}) {
        Slot slot{};
        if (pread(file_, &slot, sizeof slot, at) != static_cast<ssize_t>(sizeof slot) ||
            slot.checksum != checksum_of(slot) || slot.writes == 0)
            continue;
        if (!newest || slot.writes > writes_) {
            newest = Place{slot.journal, slot.last, slot.trimmed_to};
            writes_ = slot.writes;
        }
    }
    return newest;
}

void JournalMark::write(const Place& place) {
    if (file_ < 0)
        return;
    ++writes_;
    Slot slot{writes_, place.journal, place.last, place.trimmed_to, 0};
    slot.checksum = checksum_of(slot);
    const off_t at = writes_ % 2 == 0 ? 0 : slot_distance_bytes;
    if (pwrite(file_, &slot, sizeof slot, at) != static_cast<ssize_t>(sizeof slot)) {
        log(LogLevel::warning,
            path_ + ": " + std::strerror(errno) + "; the journal goes on without it");
        close(file_);
        file_ = -1;
    }
}

} // namespace mesh
