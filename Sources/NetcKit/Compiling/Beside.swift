import Dispatch
import Foundation
import NetcCore
import Synchronization

/// A value computed on a thread of its own while the caller goes on.
final class Beside<Value: Sendable>: Sendable {
  private let result = Mutex<Value?>(nil)
  private let done = DispatchSemaphore(value: 0)

  /// Starts `work`, with as much stack as a main thread has.
  init(_ work: @escaping @Sendable () -> Value) {
    let thread = Thread {
      let value = work()
      self.result.withLock { $0 = value }
      self.done.signal()
    }
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// Waits for the value; to be called once.
  func value() -> Value {
    done.wait()
    guard let value = result.withLock({ $0 }) else { internalError("beside: no value") }
    return value
  }
}
