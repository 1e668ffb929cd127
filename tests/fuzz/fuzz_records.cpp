// Any bytes as the records of a batch: each lies within them, says the same again, and when it is
// compressed it is refused or read as something that comes back.

#include "mesh/wire/compression.hpp"
#include "mesh/wire/event_record.hpp"
#include "mesh/wire/record_reader.hpp"
#include "tests/fuzz/entry.hpp"

#include <cstdlib>
#include <string_view>
#include <vector>

namespace {

void expect(bool holds) {
    if (!holds)
        std::abort();
}

void read_payload(mesh::Bytes compressed) {
    static mesh::Compressor compressor;
    static mesh::Decompressor decompressor;
    const auto plain = decompressor.decompress(compressed);
    if (!plain)
        return;
    expect(plain->size_bytes <= mesh::payload_size_bytes_max);
    if (const auto again = compressor.compress(plain->bytes())) {
        const auto same = decompressor.decompress(*again);
        expect(same && mesh::text_of(same->bytes()) == mesh::text_of(plain->bytes()));
    }
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    mesh::RecordReader reader(mesh::bytes_of(bytes), 0, 0);
    for (auto record = reader.next(); record && *record; record = reader.next()) {
        const auto& one = **record;
        expect(reader.record_size_bytes() <= size);
        // A record may take more bytes than it needs, and then takes fewer when written again.
        std::vector<std::byte> again(mesh::encoded_size(one));
        mesh::encode(one, again.data());
        mesh::RecordReader second(again, 0, 0);
        const auto same = second.next();
        expect(same && *same && (*same)->topic == one.topic && (*same)->key == one.key &&
               (*same)->slot == one.slot && (*same)->cause == one.cause &&
               (*same)->is_compressed == one.is_compressed &&
               mesh::text_of((*same)->payload) == mesh::text_of(one.payload));
        expect(mesh::time_delta_us(again) == one.time_delta_us);
        expect(mesh::key_of(again) == one.key);
        if (one.is_compressed)
            read_payload(one.payload);
    }
    return 0;
}
