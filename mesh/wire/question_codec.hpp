#pragma once

// Private to this room: questions, answers and replies for the codec of control messages.

#include "mesh/wire/packed_fields.hpp"
#include "mesh/wire/question.hpp"

namespace mesh {

void pack_body(packed::Packer& packer, const Question& question);
void pack_body(packed::Packer& packer, const Answer& answer);
void pack_body(packed::Packer& packer, const Reply& reply);

void take_body(packed::Map& map, Question& question);
void take_body(packed::Map& map, Answer& answer);
void take_body(packed::Map& map, Reply& reply);

} // namespace mesh
