#pragma once

#include "nodes/draw/layout.hpp"
#include "nodes/draw/picture.hpp"

#include <string>
#include <vector>

namespace nodes {

/// What stands beside an edge: badges (the numbers of steps, an x, a bound of rounds), then a text.
struct EdgeLabel {
    enum class Kind { step, cut, loop };

    struct Badge {
        Kind kind;
        std::string text;
        double width;
    };

    std::vector<Badge> badges;
    std::string text;
    double width = 0; ///< of all of it; 0: there is nothing to say
};

/// A picture with a place for everything in it. Lengths in pixels.
struct PlacedPicture {
    Picture picture;
    Layout layout;
    std::vector<LayoutTask::Box> boxes; ///< by node
    std::vector<EdgeLabel> labels;      ///< by edge
};

/// Of a label; the room that is kept for it is higher, so that it does not touch its line.
constexpr double label_height = 18;
constexpr double label_room_height = 28;

/// Places a picture. Widths are reckoned for a fixed-width font, so they depend on no font that a
/// machine may have. Errors: those of `lay_out`.
mesh::Result<PlacedPicture> place_picture(Picture picture);

/// What a node shows: its name, long ones shortened, and for a fold how many it stands for.
std::string label_of(const Picture& picture, const Picture::Node& node);

/// `12 events`.
std::string folded_text(const Picture& picture, const Picture::Node& node);

/// The badge of a step: its number, with that of the cycle in front when there are several.
std::string mark_text(const Picture& picture, const Picture::Mark& mark);

/// All there is to say of a node or an edge, a line each: for tooltips.
std::string tooltip_of(const Picture& picture, const Picture::Node& node);
std::string tooltip_of(const Picture& picture, const Picture::Edge& edge);

} // namespace nodes
