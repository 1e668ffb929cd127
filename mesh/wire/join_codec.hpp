#pragma once

// Private to this room: the bodies of Join and JoinAnswer for the codec of control messages.

#include "mesh/wire/join.hpp"
#include "mesh/wire/packed.hpp"

namespace mesh {

void pack_body(msgpack::packer<msgpack::sbuffer>& packer, const Join& join);
void pack_body(msgpack::packer<msgpack::sbuffer>& packer, const JoinAnswer& answer);

void take_body(packed::Map& map, Join& join);
void take_body(packed::Map& map, JoinAnswer& answer);

} // namespace mesh
