// For what is kept in memory beside the database: a commit that got no answer may be stored or not.
#pragma once

namespace fairward::sql {

// True on the engine's thread while it drops, unrun, the on_commit actions of calls whose commit got no answer. Who
// keeps a cache learns of it in the destructor of what the action holds, and reads the database again.
bool is_commit_in_doubt();

}  // namespace fairward::sql
