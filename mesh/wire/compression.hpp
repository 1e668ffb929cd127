#pragma once

#include "mesh/base/bytes.hpp"
#include "mesh/base/result.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>

namespace mesh {

/// Whether this build compresses and decompresses: whether it was built with zstd.
bool has_compression();

/// Compresses payloads, one after the other, with memory that it keeps: about 1.5 MiB once it had
/// one of 1 MiB. One thread at a time.
class Compressor {
public:
    Compressor();
    ~Compressor();
    Compressor(const Compressor&) = delete;
    Compressor& operator=(const Compressor&) = delete;

    /// The payload as a compressed record has it (docs/wire_format.md, "Compressed payload"), which
    /// lives until the next call. Nothing when the record would not be smaller, when the payload is
    /// above its bound, or in a build without zstd.
    std::optional<Bytes> compress(Bytes payload);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// A payload that was compressed.
struct PlainPayload {
    std::unique_ptr<std::byte[]> data;
    std::size_t size_bytes = 0;

    Bytes bytes() const { return {data.get(), size_bytes}; }
};

/// Decompresses payloads, one after the other, with memory that it keeps: about 160 KiB, whatever
/// they claim. One thread at a time.
class Decompressor {
public:
    Decompressor();
    ~Decompressor();
    Decompressor(const Decompressor&) = delete;
    Decompressor& operator=(const Decompressor&) = delete;

    /// What `compress` was given. The size that the bytes claim is held against
    /// payload_size_bytes_max, and against what the frame itself says, before that much is
    /// allocated; no more is ever written.
    /// Errors: `malformed`, and `environment` in a build without zstd.
    Result<PlainPayload> decompress(Bytes compressed);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Before the frame of a compressed payload stands how large it was.
inline constexpr std::size_t original_size_bytes = 4;

/// The zstd frame of a compressed payload, for programs that read such; empty when there is none.
inline Bytes frame_of(Bytes compressed) {
    return compressed.subspan(std::min(compressed.size(), original_size_bytes));
}

} // namespace mesh
