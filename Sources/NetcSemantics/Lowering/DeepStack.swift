#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs work that recurses deeply (bodies in bodies, expressions in expressions) on a thread with a
/// stack of its own and waits for it, so that the caller's stack, which may be small, does not
/// bound the program's depth.
enum DeepStack {
  private final class Job {
    let work: () -> Void

    init(_ work: @escaping () -> Void) { self.work = work }
  }

  /// Bytes of address space; pages are taken when they are touched.
  private static let size = 256 << 20

  /// The result of `work`; it runs on the caller's own stack when no thread can be had.
  static func run<Result>(_ work: @escaping () -> Result) -> Result {
    var result: Result?
    let isDone = withUnsafeMutablePointer(to: &result) { place in
      runThread { place.pointee = work() }
    }
    if isDone, let result { return result }
    return work()
  }

  private static func runThread(_ work: @escaping () -> Void) -> Bool {
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return false }
    defer { pthread_attr_destroy(&attributes) }
    guard pthread_attr_setstacksize(&attributes, size) == 0 else { return false }
    let job = Unmanaged.passRetained(Job(work))
    #if canImport(Glibc)
      var thread = pthread_t()
      let started = pthread_create(
        &thread, &attributes,
        { context in
          if let context { Unmanaged<Job>.fromOpaque(context).takeRetainedValue().work() }
          return nil
        }, job.toOpaque())
    #else
      var thread: pthread_t?
      let started = pthread_create(
        &thread, &attributes,
        { context in
          Unmanaged<Job>.fromOpaque(context).takeRetainedValue().work()
          return nil
        }, job.toOpaque())
    #endif
    guard started == 0 else {
      job.release()
      return false
    }
    #if canImport(Glibc)
      return pthread_join(thread, nil) == 0
    #else
      return thread.map { pthread_join($0, nil) == 0 } ?? false
    #endif
  }
}
