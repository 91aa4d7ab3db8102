import Dispatch
import NetcKit

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Turns the first Ctrl-C or termination request into an orderly stop; the second ends the process
/// as usual.
struct Interrupts {
  private let sources: [any DispatchSourceSignal]

  /// Listens until `end`.
  init(_ stop: StopSwitch) {
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        stop.stop()
        signal(number, SIG_DFL)
      }
      source.resume()
      return source
    }
  }

  /// Gives the signals back their usual effect.
  func end() {
    for source in sources { source.cancel() }
    for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
  }
}
