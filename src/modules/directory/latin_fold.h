// What Latin letters beyond ASCII are without their marks, two letters each ("ß" is "ss"); blanks: keep the letter as
// it is. Made once from the decompositions of the Unicode character database; U+00C0 … U+024F and U+1E00 … U+1EFF.
#pragma once

#include <string_view>

namespace fairward::directory {

inline constexpr std::string_view latin_extended_fold =
    "a a a a a a aec e e e e i i i i d n o o o o o   o u u u u y thss"
    "a a a a a a aec e e e e i i i i d n o o o o o   o u u u u y thy "
    "a a a a a a c c c c c c c c d d d d e e e e e e e e e e g g g g "
    "g g g g h h h h i i i i i i i i i i ijijj j k k k l l l l l l   "
    "  l l n n n n n n n n n o o o o o o oeoer r r r r r s s s s s s "
    "s s t t t t t t u u u u u u u u u u u u w w y y y z z z z z z s "
    "b                           e e   f f                           "
    "o o                           u u         z z                   "
    "        dzdzdzljljljnjnjnja a i i o o u u u u u u u u u u e a a "
    "a a aeaeg g g g k k o o o o     j dzdzdzg g     n n a a aeaeo o "
    "a a a a e e e e i i i i o o o o r r r r u u u u s s t t     h h "
    "        z z a a e e o o o o o o o o y y                         "
    "      b     e e                 ";
inline constexpr std::string_view latin_additional_fold =
    "a a b b b b b b c c d d d d d d d d d d e e e e e e e e e e f f "
    "g g h h h h h h h h h h i i i i k k k k k k l l l l l l l l m m "
    "m m m m n n n n n n n n o o o o o o o o p p p p r r r r r r r r "
    "s s s s s s s s s s t t t t t t t t u u u u u u u u u u v v v v "
    "w w w w w w w w w w x x x x y y z z z z z z h t w y   s     ss  "
    "a a a a a a a a a a a a a a a a a a a a a a a a e e e e e e e e "
    "e e e e e e e e i i i i o o o o o o o o o o o o o o o o o o o o "
    "o o o o u u u u u u u u u u u u u u y y y y y y y y             ";

static_assert(latin_extended_fold.size() == 2 * (0x24F - 0xC0 + 1));
static_assert(latin_additional_fold.size() == 2 * 256);

}  // namespace fairward::directory
