# The device's pages: src/device/web is joined, pressed and turned into a C table by
# plugsmith-webpack, which runs on the machine that builds, also when the firmware is built for a
# chip.
set(web ${CMAKE_SOURCE_DIR}/src/device/web)
set(web_scripts dom api live home chart forms pins channels network script flags console files
    update backup about main)
list(TRANSFORM web_scripts PREPEND ${web}/js/)
list(TRANSFORM web_scripts APPEND .js)
set(web_sources ${web}/index.html ${web}/app.css ${web_scripts} ${web}/icon.svg
    ${web}/app.webmanifest)
string(REPLACE ";" "," web_joined "${web_scripts}")
set(web_table ${CMAKE_BINARY_DIR}/generated/web_table.c)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/generated)

if(PLUGSMITH_FREESTANDING)
    find_program(HOST_CC NAMES cc gcc clang REQUIRED NO_CMAKE_FIND_ROOT_PATH)
    file(GLOB webpack_sources CONFIGURE_DEPENDS src/workbench/webpack/*.c src/workbench/modules/module.c
        src/workbench/modules/*_table.c src/workbench/host/file.c src/codec/openbeken/roles*.c
        src/codec/openbeken/flags.c src/codec/openbeken/channel_types.c src/base/*.c)
    list(TRANSFORM webpack_sources REPLACE "^src" "${CMAKE_SOURCE_DIR}/src")
    set(webpack ${CMAKE_BINARY_DIR}/plugsmith-webpack)
    add_custom_command(OUTPUT ${webpack}
        COMMAND ${HOST_CC} -std=c11 -D_GNU_SOURCE -O1 -I${CMAKE_SOURCE_DIR}/src -o ${webpack}
            ${webpack_sources} -lz
        DEPENDS ${webpack_sources} VERBATIM)
else()
    add_executable(plugsmith-webpack src/workbench/webpack/webpack_main.c)
    target_link_libraries(plugsmith-webpack PRIVATE workbench PkgConfig::ZLIB)
    set(webpack plugsmith-webpack)
endif()

add_custom_command(OUTPUT ${web_table}
    COMMAND ${webpack} ${web_table} /=${web}/index.html /ui/app.js=@tables,${web_joined}
        /ui/app.css=${web}/app.css /ui/icon.svg=${web}/icon.svg
        /ui/app.webmanifest=${web}/app.webmanifest
    DEPENDS ${webpack} ${web_sources} COMMENT "Pressing the device's pages" VERBATIM)
target_sources(device PRIVATE ${web_table})
