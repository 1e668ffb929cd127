#pragma once

// Private to this room: the bodies of the messages of a session for the codec of control messages.

#include "mesh/wire/packed_fields.hpp"
#include "mesh/wire/session.hpp"

namespace mesh {

void pack_body(packed::Packer& packer, const Open& open);
void pack_body(packed::Packer& packer, const Opened& opened);
void pack_body(packed::Packer& packer, const Acknowledge& acknowledge);
void pack_body(packed::Packer& packer, const Head& head);
void pack_body(packed::Packer& packer, const Rewind& rewind);
void pack_body(packed::Packer& packer, const Reopen& reopen);

void take_body(packed::Map& map, Open& open);
void take_body(packed::Map& map, Opened& opened);
void take_body(packed::Map& map, Acknowledge& acknowledge);
void take_body(packed::Map& map, Head& head);
void take_body(packed::Map& map, Rewind& rewind);
void take_body(packed::Map& map, Reopen& reopen);

} // namespace mesh
