#pragma once

#include <cstdint>

/// The bits of an event record, for those who write and read it: docs/wire_format.md.
namespace mesh::record_flags {

// The flags of a record's first byte.
inline constexpr std::uint8_t has_wide_size = 0x01;
inline constexpr std::uint8_t has_wide_time = 0x02;
inline constexpr std::uint8_t has_key = 0x04;
inline constexpr std::uint8_t has_content_type = 0x08;
inline constexpr std::uint8_t has_headers = 0x10;
inline constexpr std::uint8_t has_cause = 0x20;
inline constexpr std::uint8_t is_once = 0x40;
inline constexpr std::uint8_t is_skip = 0x80;

// Of a skip no other flag is set, so with that of the wide size, which it always has then, the same
// bit says something else of an event.
inline constexpr std::uint8_t is_compressed = 0x80 | has_wide_size;

// What says how long a key is also says which slot was chosen for an event without one.
inline constexpr std::uint16_t key_size_mask = 0x3ff;
inline constexpr unsigned slot_shift = 10;

} // namespace mesh::record_flags
