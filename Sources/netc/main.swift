import NetcCLI

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

exit(runNetc(Array(CommandLine.arguments.dropFirst())))
