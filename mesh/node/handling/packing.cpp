#include "mesh/node/handling/packing.hpp"

#include <cstring>

namespace mesh {

PackedDraft::PackedDraft(const Draft& draft, Bytes compressed)
    : payload_(std::make_unique_for_overwrite<std::byte[]>(compressed.size())), draft_(draft) {
    std::memcpy(payload_.get(), compressed.data(), compressed.size());
    draft_.payload = {payload_.get(), compressed.size()};
    draft_.is_compressed = true;
}

PackedDraft Packing::pack(const Draft& draft) {
    return compressors_.with([&](Compressor& compressor) {
        const auto compressed = compressor.compress(draft.payload);
        return compressed ? PackedDraft(draft, *compressed) : PackedDraft(draft);
    });
}

Result<PlainPayload> Packing::unpack(Bytes compressed) {
    return decompressors_.with(
        [&](Decompressor& decompressor) { return decompressor.decompress(compressed); });
}

} // namespace mesh
