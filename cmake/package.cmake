# The Debian package: `make deb`, or `cpack -G DEB` in the build folder. Libraries it needs are found by dpkg-shlibdeps.
set(packaged ${CMAKE_BINARY_DIR}/package)
set(files fairward.1.gz changelog.gz CHANGELOG.md.gz fairward.bash _fairward fairward.fish)
list(TRANSFORM files PREPEND ${packaged}/)
add_custom_command(
  OUTPUT ${files}
  COMMAND ${CMAKE_SOURCE_DIR}/tools/package_files.sh $<TARGET_FILE:fairward> ${packaged}
  DEPENDS fairward tools/package_files.sh deploy/debian/fairward.1 CHANGELOG.md
  COMMENT "Manual page and completion scripts")
add_custom_target(fairward_package_files ALL DEPENDS ${files})

set(deploy ${CMAKE_SOURCE_DIR}/deploy)
install(TARGETS fairward RUNTIME DESTINATION bin)
install(FILES ${packaged}/fairward.1.gz DESTINATION share/man/man1)
install(FILES ${packaged}/changelog.gz ${packaged}/CHANGELOG.md.gz ${deploy}/debian/copyright DESTINATION share/doc/fairward)
install(DIRECTORY ${deploy}/nginx ${deploy}/prometheus ${deploy}/grafana DESTINATION share/doc/fairward/examples)
install(FILES ${packaged}/fairward.bash DESTINATION share/bash-completion/completions RENAME fairward)
install(FILES ${packaged}/_fairward DESTINATION share/zsh/vendor-completions)
install(FILES ${packaged}/fairward.fish DESTINATION share/fish/vendor_completions.d)
install(FILES ${deploy}/systemd/fairward.service DESTINATION /lib/systemd/system)
install(FILES ${deploy}/systemd/fairward.sysusers DESTINATION lib/sysusers.d RENAME fairward.conf)
install(FILES ${deploy}/systemd/fairward.tmpfiles DESTINATION lib/tmpfiles.d RENAME fairward.conf)
install(FILES ${deploy}/systemd/fairward.toml DESTINATION /etc/fairward)

set(CPACK_GENERATOR DEB)
set(CPACK_SET_DESTDIR ON)  # some paths are not below /usr
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_NAME fairward)
set(CPACK_PACKAGE_VENDOR Fairward)
set(CPACK_PACKAGE_CONTACT "The authors of Fairward <authors@fairward.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "hospitals and fair appointment booking in one program")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
  "Patients find a doctor, hold a slot, pay, and have it; when all slots are
held they stand in line and nobody overtakes. Hospitals keep schedules,
patients and bookings. One program serves the API and the web pages; the
database is inside, or PostgreSQL when several machines share the work.")
set(CPACK_DEBIAN_PACKAGE_SECTION web)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "ca-certificates, passwd, tzdata")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "nginx-light, postgresql")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  "${deploy}/debian/conffiles;${deploy}/debian/postinst;${deploy}/debian/prerm;${deploy}/debian/postrm")
include(CPack)
