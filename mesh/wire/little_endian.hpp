#pragma once

#include "mesh/base/bytes.hpp"

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <string>

namespace mesh {

static_assert(std::endian::native == std::endian::little,
              "the fixed layouts are read and written in place");

/// Writes integers and bytes one after the other into a buffer that is large enough.
class LittleEndianWriter {
public:
    explicit LittleEndianWriter(std::byte* at) : at_(at) {}

    template <std::unsigned_integral T>
    void put(T value) {
        std::memcpy(at_, &value, sizeof value);
        at_ += sizeof value;
    }

    void put(Bytes bytes) {
        if (!bytes.empty())
            std::memcpy(at_, bytes.data(), bytes.size());
        at_ += bytes.size();
    }

    /// One past the last byte written.
    std::byte* end() const { return at_; }

private:
    std::byte* at_;
};

/// Reads what LittleEndianWriter wrote, from bytes that nobody vouches for: reading past the end
/// gives zeros and empty views, and `is_short` remembers it.
class LittleEndianReader {
public:
    explicit LittleEndianReader(Bytes bytes) : rest_(bytes) {}

    template <std::unsigned_integral T>
    T take() {
        T value{};
        if (rest_.size() < sizeof value) {
            is_short_ = true;
            rest_ = {};
            return value;
        }
        std::memcpy(&value, rest_.data(), sizeof value);
        rest_ = rest_.subspan(sizeof value);
        return value;
    }

    Bytes take_bytes(std::size_t size) {
        if (rest_.size() < size) {
            is_short_ = true;
            rest_ = {};
            return {};
        }
        const Bytes taken = rest_.first(size);
        rest_ = rest_.subspan(size);
        return taken;
    }

    bool is_short() const { return is_short_; }

    Bytes rest() const { return rest_; }

private:
    Bytes rest_;
    bool is_short_ = false;
};

} // namespace mesh
