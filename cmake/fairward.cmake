# fairward_library(folder USES folder…): the library of src/<folder>, and its test program from *_test.cpp.
function(fairward_library folder)
  cmake_parse_arguments(ARG "" "" "USES" ${ARGN})
  string(REPLACE "/" "_" name fairward_${folder})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${folder}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  # A folder without sources is a library all the same, so that whoever links it need not know.
  if(NOT sources)
    set(sources ${CMAKE_BINARY_DIR}/generated/${name}_is_headers_only.cpp)
    file(CONFIGURE OUTPUT ${sources} CONTENT "")
  endif()
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR}/src ${CMAKE_BINARY_DIR}/generated)
  target_precompile_headers(${name} PRIVATE ${CMAKE_SOURCE_DIR}/src/base/precompiled.h)
  foreach(used ${ARG_USES})
    string(REPLACE "/" "_" used_name fairward_${used})
    target_link_libraries(${name} PUBLIC ${used_name})
  endforeach()
  if(TARGET fairward_sql_generated)
    add_dependencies(${name} fairward_sql_generated)
  endif()
  if(tests AND FAIRWARD_TESTS)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE ${name} GTest::gtest_main)
    target_compile_definitions(${name}_test PRIVATE FAIRWARD_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    target_precompile_headers(${name}_test PRIVATE ${CMAKE_SOURCE_DIR}/src/base/precompiled.h)
    if(TARGET fairward_sql_generated)
      add_dependencies(${name}_test fairward_sql_generated)
    endif()
    add_test(NAME ${folder} COMMAND ${name}_test)
  endif()
endfunction()

# Makes generated/sql/<module>.h from src/modules/*/sql/*.sql, src/platform/*/sql/*.sql and the embedded
# migrations from db/migrations, and adds the generated sources to the library.
function(fairward_sql_constants library)
  file(GLOB_RECURSE queries CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/*.sql)
  file(GLOB migrations CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/db/migrations/*.sql)
  set(out ${CMAKE_BINARY_DIR}/generated/sql)
  set(headers)
  foreach(query ${queries})
    string(REGEX REPLACE "^.*/([^/]+)/sql/[^/]+$" "${out}/\\1.h" header ${query})
    list(APPEND headers ${header})
  endforeach()
  list(REMOVE_DUPLICATES headers)
  # The stamp is always touched; the constants themselves are rewritten only when they changed, so that an edit of one
  # query compiles again what includes its header and nothing else.
  add_custom_command(
    OUTPUT ${out}/generated.stamp
    BYPRODUCTS ${out}/all_queries.cpp ${out}/migrations.cpp ${headers}
    COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tools/sql_generate.py --source ${CMAKE_SOURCE_DIR} --out ${out}
    DEPENDS ${CMAKE_SOURCE_DIR}/tools/sql_generate.py ${queries} ${migrations}
    COMMENT "SQL constants")
  add_custom_target(fairward_sql_generated DEPENDS ${out}/generated.stamp)
  set_source_files_properties(${out}/all_queries.cpp ${out}/migrations.cpp PROPERTIES GENERATED TRUE)
  target_sources(${library} PRIVATE ${out}/all_queries.cpp ${out}/migrations.cpp)
  add_dependencies(${library} fairward_sql_generated)
  if(FAIRWARD_TESTS)
    add_test(NAME tools/sql_generate COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tools/sql_generate_test.py)
  endif()
endfunction()

# Puts web/dist into the program: one .incbin per file and encoding. Without a built UI the program still serves the API.
function(fairward_embed_ui target)
  set(table ${CMAKE_BINARY_DIR}/generated/ui_assets.S)
  set(index ${CMAKE_BINARY_DIR}/generated/ui_assets.cpp)
  set(dist ${CMAKE_SOURCE_DIR}/web/dist)
  file(GLOB_RECURSE assets CONFIGURE_DEPENDS ${dist}/*)
  if(NOT FAIRWARD_EMBED_UI)
    set(dist "")
  endif()
  add_custom_command(
    OUTPUT ${table} ${index}
    COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tools/embed_assets.py "--dist=${dist}" --assembly ${table} --index ${index}
    DEPENDS ${CMAKE_SOURCE_DIR}/tools/embed_assets.py ${assets}
    COMMENT "UI assets")
  target_sources(${target} PRIVATE ${table} ${index})
endfunction()
