#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import NetcCLI

exit(runNetc(Array(CommandLine.arguments.dropFirst())))
