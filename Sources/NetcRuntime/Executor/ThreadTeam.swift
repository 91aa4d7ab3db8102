import CNetc
import NetcCore
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Threads that run step loops beside the calling one; they sleep when there is nothing to do.
final class ThreadTeam {
  private let state: State
  private var threads: [pthread_t] = []

  /// What workers and their owner share.
  private final class State {
    let barrier: SpinBarrier
    let generation = Atomic<Int>(0)
    let sleepers = Atomic<Int>(0)
    let isOver = Atomic<Bool>(false)
    let mutex: UnsafeMutablePointer<pthread_mutex_t>
    let condition: UnsafeMutablePointer<pthread_cond_t>
    /// Written before `generation` is raised, read after.
    var job: UnsafePointer<StepLoop>?

    init(count: Int) {
      barrier = SpinBarrier(count: count)
      mutex = .allocate(capacity: 1)
      condition = .allocate(capacity: 1)
      pthread_mutex_init(mutex, nil)
      pthread_cond_init(condition, nil)
    }

    deinit {
      barrier.deallocate()
      pthread_mutex_destroy(mutex)
      pthread_cond_destroy(condition)
      mutex.deallocate()
      condition.deallocate()
    }

    func wake() {
      generation.add(1, ordering: .sequentiallyConsistent)
      guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
      pthread_mutex_lock(mutex)
      pthread_cond_broadcast(condition)
      pthread_mutex_unlock(mutex)
    }

    /// Waits until there is a job after the one numbered `seen`; returns its number.
    func await(after seen: Int) -> Int {
      var patience = Patience()
      while generation.load(ordering: .acquiring) == seen {
        if patience.isExhausted {
          sleep(after: seen)
        } else {
          patience.pause()
        }
      }
      return generation.load(ordering: .acquiring)
    }

    private func sleep(after seen: Int) {
      pthread_mutex_lock(mutex)
      sleepers.add(1, ordering: .sequentiallyConsistent)
      while generation.load(ordering: .sequentiallyConsistent) == seen {
        pthread_cond_wait(condition, mutex)
      }
      sleepers.subtract(1, ordering: .sequentiallyConsistent)
      pthread_mutex_unlock(mutex)
    }
  }

  /// What a new thread is told.
  private final class Beginning {
    let state: State
    let id: Int

    init(_ state: State, _ id: Int) {
      self.state = state
      self.id = id
    }
  }

  /// - Parameter count: all threads, the calling one included; at least 2.
  init(count: Int) {
    state = State(count: count)
    for id in 1..<max(2, count) { start(id) }
  }

  deinit {
    state.isOver.store(true, ordering: .sequentiallyConsistent)
    state.wake()
    for thread in threads { pthread_join(thread, nil) }
  }

  var barrier: SpinBarrier { state.barrier }

  /// Runs a loop on all threads; returns when all are done.
  func run(_ loop: UnsafePointer<StepLoop>) {
    state.job = loop
    state.wake()
    loop.pointee.run(0)
    state.barrier.wait(0)
  }

  private func start(_ id: Int) {
    let beginning = Unmanaged.passRetained(Beginning(state, id)).toOpaque()
    #if canImport(Glibc)
      var thread = pthread_t()
      let failed = pthread_create(&thread, nil, { ThreadTeam.work($0) }, beginning)
      if failed == 0 { threads.append(thread) }
    #else
      var thread: pthread_t?
      let failed = pthread_create(&thread, nil, { ThreadTeam.work($0) }, beginning)
      if let thread { threads.append(thread) }
    #endif
    if failed != 0 { internalError("executor: thread \(id) does not start (error \(failed))") }
  }

  private static func work(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let beginning = Unmanaged<Beginning>.fromOpaque(argument).takeRetainedValue()
    let state = beginning.state
    var seen = 0
    while true {
      seen = state.await(after: seen)
      if state.isOver.load(ordering: .sequentiallyConsistent) { return nil }
      state.job?.pointee.run(beginning.id)
      state.barrier.wait(beginning.id)
    }
  }
}
