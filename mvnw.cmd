@echo off
rem Runs Maven for this project, as mvnw does: an installed Maven (3.8 or later) on the PATH, else the
rem version pinned in .mvn\wrapper\maven.properties, downloaded once from the Apache archive into
rem %USERPROFILE%\.m2\wrapper and checked against the SHA-512 pinned there.
setlocal
set "MVNW_HERE=%~dp0"
set "MVNW_MAVEN="
for /f "usebackq delims=" %%M in (`powershell -NoProfile -ExecutionPolicy Bypass -File "%MVNW_HERE%.mvn\wrapper\find-maven.ps1"`) do set "MVNW_MAVEN=%%M"
if not defined MVNW_MAVEN exit /b 1
call "%MVNW_MAVEN%" %*
exit /b %ERRORLEVEL%
