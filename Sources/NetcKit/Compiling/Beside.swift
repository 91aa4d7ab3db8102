import NetcCore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A value computed on a thread of its own while the caller goes on; on the caller's own when no
/// thread can be had.
final class Beside<Value: Sendable> {
  /// What the thread fills; read once it has ended.
  private final class Place {
    var value: Value?
  }

  private let place = Place()
  private let thread: pthread_t?

  /// Starts `work`, with as much stack as a main thread has.
  init(_ work: @escaping @Sendable () -> Value) {
    let place = place
    thread = startThread(stack: 8 << 20) { place.value = work() }
    if thread == nil { place.value = work() }
  }

  /// Waits for the value; to be called once.
  func value() -> Value {
    if let thread { pthread_join(thread, nil) }
    guard let value = place.value else { internalError("beside: no value") }
    return value
  }
}

/// What a new thread does.
private final class Job {
  let work: () -> Void

  init(_ work: @escaping () -> Void) { self.work = work }
}

/// Starts a thread with so many bytes of stack; nil when there is none to be had.
private func startThread(stack: Int, _ work: @escaping () -> Void) -> pthread_t? {
  var attributes = pthread_attr_t()
  guard pthread_attr_init(&attributes) == 0 else { return nil }
  defer { pthread_attr_destroy(&attributes) }
  guard pthread_attr_setstacksize(&attributes, stack) == 0 else { return nil }
  let job = Unmanaged.passRetained(Job(work))
  #if canImport(Glibc)
    var thread = pthread_t()
    let failed = pthread_create(&thread, &attributes, { runJob($0) }, job.toOpaque())
  #else
    var thread: pthread_t?
    let failed = pthread_create(&thread, &attributes, { runJob($0) }, job.toOpaque())
  #endif
  if failed == 0 { return thread }
  job.release()
  return nil
}

private func runJob(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let context { Unmanaged<Job>.fromOpaque(context).takeRetainedValue().work() }
  return nil
}
