#include "mesh/wire/compression.hpp"

#include "mesh/event/event.hpp"
#include "mesh/wire/little_endian.hpp"

#include <cstdint>
#include <new>
#include <string>
#include <vector>
#include <zstd.h>

namespace mesh {

namespace {

// A compressed record always has the wide payload size, three bytes more than a small one has.
constexpr std::size_t gain_min_bytes = 4;

// Of 16 KiB of JSON levels 1 to 4 all leave 18 %, and the first takes the least time: 29 us, the
// fourth 54 (zstd -b1 -e4, 2026-11).
constexpr int compression_level = 1;

struct FreeContext {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }

    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

template <class Context>
std::unique_ptr<Context, FreeContext> owned(Context* context) {
    if (context == nullptr)
        throw std::bad_alloc();
    return std::unique_ptr<Context, FreeContext>(context);
}

} // namespace

bool has_compression() {
    return true;
}

struct Compressor::State {
    std::unique_ptr<ZSTD_CCtx, FreeContext> context = owned(ZSTD_createCCtx());
    std::vector<std::byte> buffer;
};

Compressor::Compressor() : state_(std::make_unique<State>()) {
    ZSTD_CCtx_setParameter(state_->context.get(), ZSTD_c_compressionLevel, compression_level);
    // What a bit flipped on the way would change is noticed.
    ZSTD_CCtx_setParameter(state_->context.get(), ZSTD_c_checksumFlag, 1);
}

Compressor::~Compressor() = default;

std::optional<Bytes> Compressor::compress(Bytes payload) {
    if (payload.size() > payload_size_bytes_max ||
        payload.size() <= original_size_bytes + gain_min_bytes)
        return std::nullopt;
    // Room for what is worth it, and no more: zstd gives up when that is not enough.
    auto& buffer = state_->buffer;
    const auto size_max = payload.size() - gain_min_bytes;
    if (buffer.size() < size_max)
        buffer.resize(size_max);
    const auto size =
        ZSTD_compress2(state_->context.get(), buffer.data() + original_size_bytes,
                       size_max - original_size_bytes, payload.data(), payload.size());
    if (ZSTD_isError(size) != 0)
        return std::nullopt;
    LittleEndianWriter(buffer.data()).put(static_cast<std::uint32_t>(payload.size()));
    return Bytes(buffer).first(original_size_bytes + size);
}

struct Decompressor::State {
    std::unique_ptr<ZSTD_DCtx, FreeContext> context = owned(ZSTD_createDCtx());
};

Decompressor::Decompressor() : state_(std::make_unique<State>()) {}

Decompressor::~Decompressor() = default;

Result<PlainPayload> Decompressor::decompress(Bytes compressed) {
    const auto refuse = [](const std::string& why) {
        return fail(ErrorCode::malformed, "compressed payload: " + why);
    };
    LittleEndianReader reader(compressed);
    const std::size_t claimed = reader.take<std::uint32_t>();
    const Bytes frame = reader.rest();
    if (reader.is_short())
        return refuse("expected its original size, got " + std::to_string(compressed.size()) +
                      " bytes");
    if (claimed > payload_size_bytes_max)
        return refuse("claims " + std::to_string(claimed) + " bytes, at most " +
                      std::to_string(payload_size_bytes_max) + " are allowed");
    // Else zstd would also read what its versions before 1.0 wrote, and skip what is not data.
    if (reader.take<std::uint32_t>() != ZSTD_MAGICNUMBER)
        return refuse("no whole zstd frame: it begins otherwise");
    // Exactly one frame, which fills what is there: zstd would also read several, and skip some.
    const auto frame_size = ZSTD_findFrameCompressedSize(frame.data(), frame.size());
    if (ZSTD_isError(frame_size) != 0)
        return refuse(std::string("no whole zstd frame: ") + ZSTD_getErrorName(frame_size));
    if (frame_size != frame.size())
        return refuse(std::to_string(frame.size() - frame_size) + " bytes behind the zstd frame");
    if (const auto said = ZSTD_getFrameContentSize(frame.data(), frame.size()); said != claimed)
        return refuse("claims " + std::to_string(claimed) + " bytes, its zstd frame says " +
                      (said == ZSTD_CONTENTSIZE_UNKNOWN ? "nothing of it" : std::to_string(said)));
    PlainPayload plain{std::make_unique_for_overwrite<std::byte[]>(claimed), claimed};
    // In one step zstd writes into the payload itself: it has no window of its own, however large a
    // one the frame asks for.
    const auto size = ZSTD_decompressDCtx(state_->context.get(), plain.data.get(), claimed,
                                          frame.data(), frame.size());
    if (ZSTD_isError(size) != 0)
        return refuse(ZSTD_getErrorName(size));
    if (size != claimed)
        return refuse("claims " + std::to_string(claimed) + " bytes, got " + std::to_string(size));
    return plain;
}

} // namespace mesh
