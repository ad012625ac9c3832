# What an installation holds, and the same layout in the build folder, so that the program finds its mappings beside
# itself in both: bin/lienthong, lib/lienthong/adapters, share/lienthong/mappings.
include(GNUInstallDirs)

file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/share/lienthong)
file(CREATE_LINK ${CMAKE_SOURCE_DIR}/mappings ${CMAKE_BINARY_DIR}/share/lienthong/mappings SYMBOLIC)

install(TARGETS lienthong RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
# lib/, not lib/<architecture>/: the folder is private to the program, which looks for it beside bin/.
install(DIRECTORY ${CMAKE_BINARY_DIR}/lib/lienthong/adapters DESTINATION lib/lienthong)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/mappings DESTINATION ${CMAKE_INSTALL_DATADIR}/lienthong)
# Written when installing, because --prefix is known only then: the unit starts the program that came with it.
install(CODE "configure_file(\"${CMAKE_SOURCE_DIR}/packaging/lienthong.service.in\"
  \"${CMAKE_BINARY_DIR}/lienthong.service\" @ONLY)")
install(FILES ${CMAKE_BINARY_DIR}/lienthong.service DESTINATION lib/systemd/system)
install(FILES ${CMAKE_SOURCE_DIR}/examples/hospital.toml ${CMAKE_SOURCE_DIR}/examples/province.toml
  DESTINATION ${CMAKE_INSTALL_DATADIR}/lienthong/examples)
install(FILES ${CMAKE_SOURCE_DIR}/README.md ${CMAKE_SOURCE_DIR}/LICENSE ${CMAKE_SOURCE_DIR}/NOTICE
  DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/lienthong OPTIONAL)
