# SPDX-License-Identifier: GPL-3.0-or-later
# What is installed, and the two Debian packages: khop (desktop) and khopd (server, no window library).
include(GNUInstallDirs)

set(packaging ${PROJECT_SOURCE_DIR}/packaging)
set(generated ${PROJECT_BINARY_DIR}/packaging)

# lintian wants manual pages and changelogs compressed without a time stamp.
function(khop_compress source target)
    find_program(GZIP gzip REQUIRED)
    get_filename_component(folder ${target} DIRECTORY)
    file(MAKE_DIRECTORY ${folder})
    execute_process(COMMAND ${GZIP} -9 -n -c ${source} OUTPUT_FILE ${target}
        COMMAND_ERROR_IS_FATAL ANY)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
endfunction()

string(TIMESTAMP build_date "%a, %d %b %Y 00:00:00 +0000" UTC)
foreach(program khop khopd)
    if(NOT TARGET ${program})
        continue()
    endif()
    list(APPEND CPACK_COMPONENTS_ALL ${program})
    install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT ${program})
    if(UNIX AND NOT APPLE)
        khop_compress(${packaging}/man/${program}.1 ${generated}/${program}.1.gz)
        file(CONFIGURE OUTPUT ${generated}/${program}.changelog @ONLY CONTENT
"${program} (@PROJECT_VERSION@) stable; urgency=low

  * See CHANGELOG.md in the source.

 -- the Khop authors <khop@localhost>  @build_date@
")
        khop_compress(${generated}/${program}.changelog ${generated}/${program}/changelog.gz)
        install(FILES ${generated}/${program}.1.gz
            DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT ${program})
        install(FILES ${generated}/${program}/changelog.gz ${packaging}/debian/copyright
            DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${program} COMPONENT ${program})
        # What the page of the API's description, which is inside the program, wants to be told with it.
        set(swagger_ui ${PROJECT_SOURCE_DIR}/resources/swagger-ui)
        install(FILES ${swagger_ui}/NOTICE ${swagger_ui}/swagger-ui-bundle.js.LICENSE.txt
            DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${program}/swagger-ui COMPONENT ${program})
    endif()
endforeach()

if(UNIX AND NOT APPLE)
    if(TARGET khop)
        install(FILES ${packaging}/khop.desktop
            DESTINATION ${CMAKE_INSTALL_DATADIR}/applications COMPONENT khop)
        install(FILES ${packaging}/khop.metainfo.xml
            DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo COMPONENT khop)
        set(icons ${CMAKE_INSTALL_DATADIR}/icons/hicolor)
        install(FILES ${PROJECT_SOURCE_DIR}/resources/icons/khop.svg
            DESTINATION ${icons}/scalable/apps COMPONENT khop)
        install(FILES ${PROJECT_SOURCE_DIR}/resources/icons/khop-256.png
            DESTINATION ${icons}/256x256/apps RENAME khop.png COMPONENT khop)
    endif()
    if(TARGET khopd)
        install(FILES ${packaging}/khopd.service DESTINATION lib/systemd/system COMPONENT khopd)
    endif()
endif()

if(NOT CPACK_COMPONENTS_ALL)
    return()
endif()
set(CPACK_PACKAGE_NAME khop)
set(CPACK_PACKAGE_VENDOR "Khop")
set(CPACK_PACKAGE_CONTACT "the Khop authors <khop@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "trading desk and exchange for the Vietnamese market")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ
    GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

# Plugins are not seen by the dependency scan.
set(CPACK_DEBIAN_KHOP_PACKAGE_NAME khop)
set(CPACK_DEBIAN_KHOP_PACKAGE_SECTION misc)
set(CPACK_DEBIAN_KHOP_PACKAGE_DEPENDS libqt6sql6-sqlite)
set(CPACK_DEBIAN_KHOP_PACKAGE_RECOMMENDS "fonts-noto-core")
set(CPACK_COMPONENT_KHOP_DESCRIPTION "A desktop trading desk with an exchange inside that obeys the rules of HOSE,
 HNX and UPCoM, a ledger exact to the dong, and a REST and WebSocket server.")
set(CPACK_DEBIAN_KHOPD_PACKAGE_NAME khopd)
set(CPACK_DEBIAN_KHOPD_PACKAGE_SECTION net)
set(CPACK_DEBIAN_KHOPD_PACKAGE_DEPENDS "libqt6sql6-sqlite, adduser")
set(CPACK_DEBIAN_KHOPD_PACKAGE_CONTROL_EXTRA "${packaging}/debian/postinst;${packaging}/debian/prerm;${packaging}/debian/postrm")
set(CPACK_COMPONENT_KHOPD_DESCRIPTION "The exchange of Khop without its desktop: a matching engine under the rules
 of HOSE, HNX and UPCoM behind a REST and WebSocket server.")
include(CPack)
