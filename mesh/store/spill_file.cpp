#include "mesh/store/spill_file.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/uio.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace mesh {

namespace {

// Of a file system's block (man 2 fallocate: only whole ones are given back).
constexpr std::uint64_t block_size_bytes = 4096;

constexpr std::size_t lane_count = 4;

/// Each step can be undone, so two inputs that differ in one word never come to the same.
std::uint64_t mixed(std::uint64_t sum, std::uint64_t word) {
    sum = (sum ^ word) * 0x9e3779b97f4a7c15U;
    return sum ^ (sum >> 32U);
}

/// The sum is also over the place: a record that lies elsewhere is another one. Publishing waits
/// for it, and what it guards against is a disk, not an enemy: so it is not the CRC of what lasts,
/// which takes ten times as long.
std::uint64_t sum_of(std::uint64_t offset, Bytes record) {
    std::array<std::uint64_t, lane_count> words{};
    std::array<std::uint64_t, lane_count> lanes{1, 2, 3, 4};
    const auto take = [&](Bytes some) {
        std::memcpy(words.data(), some.data(), some.size());
        for (std::size_t i = 0; i < lane_count; ++i)
            lanes[i] = mixed(lanes[i], words[i]);
    };
    auto rest = record;
    for (; rest.size() >= sizeof words; rest = rest.subspan(sizeof words))
        take(rest.first(sizeof words));
    words = {};
    if (!rest.empty())
        take(rest);
    auto sum = mixed(offset, record.size());
    for (const auto lane : lanes)
        sum = mixed(sum, lane);
    return sum;
}

std::string reason() {
    return std::strerror(errno); // NOLINT(concurrency-mt-unsafe): glibc's is safe
}

} // namespace

SpillFile::SpillFile(std::string folder, std::uint64_t size_bytes_max)
    : folder_(std::move(folder)), size_bytes_max_(size_bytes_max) {}

SpillFile::~SpillFile() {
    if (fd_ >= 0)
        close(fd_);
}

Result<void> SpillFile::open() {
    std::error_code error;
    std::filesystem::create_directories(folder_, error);
    fd_ = ::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd_ < 0) {
        // Not every file system knows files without a name.
        auto name = folder_ + "/spill-XXXXXX";
        fd_ = mkostemp(name.data(), O_CLOEXEC);
        if (fd_ >= 0)
            unlink(name.c_str());
    }
    if (fd_ < 0)
        return fail(ErrorCode::environment, folder_ + ": " + reason());
    return {};
}

Result<SpillFile::Place> SpillFile::append(Bytes record) {
    auto sum = sum_of(end_, record);
    const auto size = sizeof sum + record.size();
    if (size_bytes_ + size > size_bytes_max_)
        return fail(ErrorCode::limit, "expected at most " + std::to_string(size_bytes_max_) +
                                          " bytes put aside, got " +
                                          std::to_string(size_bytes_ + size));
    if (fd_ < 0)
        if (auto opened = open(); !opened)
            return tl::unexpected(opened.error());
    std::array<iovec, 2> parts{
        {{&sum, sizeof sum}, {const_cast<std::byte*>(record.data()), record.size()}}};
    const auto written =
        pwritev(fd_, parts.data(), static_cast<int>(parts.size()), static_cast<off_t>(end_));
    if (written != static_cast<ssize_t>(size))
        return fail(ErrorCode::environment,
                    folder_ + ": " + (written < 0 ? reason() : "no room for a record"));
    const Place place{end_, static_cast<std::uint32_t>(size)};
    end_ += size;
    size_bytes_ += size;
    return place;
}

Result<std::vector<std::byte>> SpillFile::read(const Place& place) const {
    std::uint64_t sum = 0;
    std::vector<std::byte> record(place.size_bytes - sizeof sum);
    std::array<iovec, 2> parts{{{&sum, sizeof sum}, {record.data(), record.size()}}};
    const auto got =
        preadv(fd_, parts.data(), static_cast<int>(parts.size()), static_cast<off_t>(place.offset));
    if (got < 0)
        return fail(ErrorCode::environment, folder_ + ": " + reason());
    if (got != static_cast<ssize_t>(place.size_bytes) || sum != sum_of(place.offset, record))
        return fail(ErrorCode::malformed, folder_ + ": expected the " +
                                              std::to_string(record.size()) +
                                              " bytes that were put aside at " +
                                              std::to_string(place.offset) + ", found others");
    return record;
}

void SpillFile::release(const Place& place) {
    size_bytes_ -= place.size_bytes;
    if (size_bytes_ == 0) {
        end_ = 0;
        [[maybe_unused]] const auto is_done = ftruncate(fd_, 0);
        return;
    }
    // The blocks that it shares with its neighbours go with them, or at the end.
    const auto begin = (place.offset + block_size_bytes - 1) / block_size_bytes * block_size_bytes;
    const auto end = (place.offset + place.size_bytes) / block_size_bytes * block_size_bytes;
    if (end > begin) [[maybe_unused]]
        const auto is_done = fallocate(fd_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                                       static_cast<off_t>(begin), static_cast<off_t>(end - begin));
}

} // namespace mesh
