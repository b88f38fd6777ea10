# Where `make install` puts things; man pages and completion are written by plugsmith-docs from
# the same table that the program's own help comes from.
include(GNUInstallDirs)
set(generated ${CMAKE_BINARY_DIR}/generated)
install(TARGETS plugsmith RUNTIME)
install(TARGETS plugsmith-soc RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/plugsmith)
install(CODE "execute_process(COMMAND ${CMAKE_BINARY_DIR}/plugsmith-docs man ${generated}/man1 COMMAND_ERROR_IS_FATAL ANY)")
install(CODE "execute_process(COMMAND ${CMAKE_BINARY_DIR}/plugsmith-docs completion ${generated}/completion COMMAND_ERROR_IS_FATAL ANY)")
install(DIRECTORY ${generated}/man1 DESTINATION ${CMAKE_INSTALL_MANDIR})
install(FILES ${generated}/completion/plugsmith DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${generated}/completion/_plugsmith DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
