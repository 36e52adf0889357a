# Prints the Maven that mvnw.cmd shall run; see mvnw for what it does and why.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

function Get-Setting($name) {
  (Get-Content "$PSScriptRoot\maven.properties" | Where-Object { $_ -like "$name=*" }).Substring($name.Length + 1).Trim()
}

if ($env:MVNW_DOWNLOAD -ne 'always') {
  $mvn = Get-Command mvn.cmd -ErrorAction SilentlyContinue
  if ($mvn) {
    $line = (& $mvn.Source --version) -join "`n"
    if ($line -match 'Apache Maven (\d+\.\d+)' -and [version]$Matches[1] -ge [version]'3.8') {
      Write-Output $mvn.Source
      exit 0
    }
  }
}

$version = Get-Setting 'version'
$base = "$env:USERPROFILE\.m2\wrapper"
$maven = "$base\apache-maven-$version\bin\mvn.cmd"
if (-not (Test-Path $maven)) {
  $from = if ($env:MVNW_DIST_URL) { $env:MVNW_DIST_URL } else { 'https://archive.apache.org/dist/maven' }
  $url = "$from/maven-3/$version/binaries/apache-maven-$version-bin.zip"
  $work = New-Item -ItemType Directory -Path "$base\download.$([guid]::NewGuid())"
  try {
    [Console]::Error.WriteLine("mvnw: downloading Maven $version from $url")
    [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
    Invoke-WebRequest -UseBasicParsing -Uri $url -OutFile "$work\maven.zip"
    if ((Get-FileHash -Algorithm SHA512 "$work\maven.zip").Hash -ne (Get-Setting 'zip.sha512')) {
      throw "the file at $url does not have the SHA-512 in maven.properties; nothing was installed"
    }
    Expand-Archive "$work\maven.zip" -DestinationPath $work
    Move-Item "$work\apache-maven-$version" $base
  } finally {
    Remove-Item -Recurse -Force $work
  }
}
Write-Output $maven
