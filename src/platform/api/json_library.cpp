// The one unit that compiles Boost.JSON, which Debian's headers bring without a library.
#include <boost/json/src.hpp>
