#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The most memory of the process that was resident at once, in megabytes of 2^20 bytes.
var peakMegabytes: Double {
  var usage = rusage()
  #if os(Linux)
    getrusage(RUSAGE_SELF.rawValue, &usage)
    return Double(usage.ru_maxrss) / 1024
  #else
    getrusage(RUSAGE_SELF, &usage)
    return Double(usage.ru_maxrss) / 1_048_576
  #endif
}
