#pragma once

// Private to this room: reading and writing msgpack maps with names for fields.

#include "mesh/base/bytes.hpp"
#include "mesh/base/result.hpp"

#include <msgpack.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mesh::packed {

/// Unpacks bytes from a stranger: everything bounded, nothing allocated on a bare promise.
/// Errors: `malformed`.
Result<msgpack::object_handle> unpack(Bytes bytes);

/// Whether it may go to people's terminals and into keys: at most `size_bytes_max` of UTF-8 without
/// control characters.
bool is_name(std::string_view text, std::size_t size_bytes_max);

/// Reads the fields of a map. The first field that has another type than expected is remembered;
/// unknown fields are skipped, so that a later version may add some.
class Map {
public:
    explicit Map(const msgpack::object& object);

    std::uint64_t number(std::string_view name, std::uint64_t otherwise = 0);
    bool truth(std::string_view name);
    std::string text(std::string_view name);

    /// A text that is_name.
    std::string name(std::string_view field, std::size_t size_bytes_max = 200);

    /// The field if it is there and an array.
    const msgpack::object_array* list(std::string_view name);

    /// The field if it is there.
    const msgpack::object* find(std::string_view name) const;

    /// Notes that something is not as it should be.
    void refuse(std::string_view name) {
        if (!wrong_)
            wrong_ = name;
    }

    /// `malformed` with the name of the first wrong field, if there was one.
    Result<void> verdict() const;

private:
    msgpack::object object_;
    std::optional<std::string> wrong_;
};

} // namespace mesh::packed
