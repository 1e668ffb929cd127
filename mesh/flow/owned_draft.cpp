#include "mesh/flow/owned_draft.hpp"

#include <cassert>
#include <cstring>

namespace mesh {

OwnedDraft::OwnedDraft(const Draft& draft)
    : bytes_(new std::byte[draft.topic.size() + draft.key.size() + draft.content_type.size() +
                           draft.headers.size() + draft.payload.size()]),
      draft_(draft) {
    assert(!draft.cause);
    std::byte* end = bytes_.get();
    const auto keep = [&](Bytes from) {
        std::byte* const begin = end;
        if (!from.empty()) // not std::ranges::copy, which goes byte by byte (GCC 12)
            std::memcpy(begin, from.data(), from.size());
        end += from.size();
        return Bytes(begin, from.size());
    };
    const auto keep_text = [&](std::string_view from) { return text_of(keep(bytes_of(from))); };
    draft_.topic = keep_text(draft.topic);
    draft_.key = keep_text(draft.key);
    draft_.content_type = keep_text(draft.content_type);
    draft_.headers = keep(draft.headers);
    draft_.payload = keep(draft.payload);
}

} // namespace mesh
