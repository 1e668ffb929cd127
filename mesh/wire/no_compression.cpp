// Instead of compression.cpp in a build without zstd.

#include "mesh/wire/compression.hpp"

namespace mesh {

bool has_compression() {
    return false;
}

struct Compressor::State {};

Compressor::Compressor() = default;

Compressor::~Compressor() = default;

std::optional<Bytes> Compressor::compress(Bytes) {
    return std::nullopt;
}

struct Decompressor::State {};

Decompressor::Decompressor() = default;

Decompressor::~Decompressor() = default;

Result<PlainPayload> Decompressor::decompress(Bytes) {
    return fail(ErrorCode::environment,
                "compressed payload: this dagmesh was built without zstd, it cannot read it");
}

} // namespace mesh
