import Logging
import Store
import Synchronization

/// The detector's state on disk, with the position in history that it covers.
extension Pipeline {
  /// Saves it, or begins to. With a batch that is not stored yet it would cover more: then the next commit saves it.
  func checkpoint() {
    isCheckpointDue = !batch.isEmpty || !intake.accepted.isEmpty
    guard !isCheckpointDue, saver == nil else { return }
    let began = Clocks.nanoseconds()
    do throws(StoreError) {
      let bytes = engine.stateCount
      if bytes > limits.largeState {
        let saver = try StateSaver(engine, bytes: bytes, directory: store.directory, position: store.position, counters: counters)
        self.saver = saver
        saver.start()
      } else {
        let state = engine.snapshot()
        try store.saveCheckpoint(state, position: store.position)
        noteSaved(bytes: state.count, times: 2, position: store.position)
      }
    } catch {
      noteNotSaved(error)
    }
    counters.noteCheckpointPause(Clocks.nanoseconds() - began)
  }

  /// Takes note of a state that has been written meanwhile. The disk may be busy with it still: the next commit waits for it, not this.
  func followSaver() {
    guard let saver, let outcome = saver.outcome else { return }
    self.saver = nil
    replacedStates += finish(saver, outcome, waits: false)
  }

  /// Removes states that others have replaced, after a commit. To remove hundreds of megabytes takes the system a while.
  func removeReplacedStates() {
    guard !replacedStates.isEmpty else { return }
    let old = replacedStates
    replacedStates = []
    StateSaver.thread { Store.removeStates(old) }
  }

  /// Saves it and waits for that: after the last reading.
  func lastCheckpoint() {
    dropSaver()
    checkpoint()
    guard let saver else { return }
    self.saver = nil
    Store.removeStates(replacedStates + finish(saver, saver.wait(), waits: true))
    replacedStates = []
  }

  /// Gives up a state that is being written.
  func dropSaver() {
    guard let saver else { return }
    saver.cancel()
    _ = saver.wait()
    // It may have been done already.
    saver.file.remove()
    self.saver = nil
  }

  /// - Returns: files that no checkpoint names any more.
  private func finish(_ saver: StateSaver, _ outcome: Result<Int, StoreError>, waits: Bool) -> [String] {
    let began = Clocks.nanoseconds()
    defer { counters.noteCheckpointPause(Clocks.nanoseconds() - began) }
    do throws(StoreError) {
      let bytes = try outcome.get()
      let old = try store.adopt(saver.file, position: saver.position, waits: waits)
      noteSaved(bytes: bytes, times: 1, position: saver.position)
      return old
    } catch {
      saver.file.remove()
      noteNotSaved(error)
      return []
    }
  }

  private func noteSaved(bytes: Int, times: Int, position: Int64) {
    counters.checkpoints.add(1, ordering: .relaxed)
    checkpoints.tried(bytes: bytes, times: times, position: position, now: Clocks.monotonic())
  }

  private func noteNotSaved(_ error: StoreError) {
    checkpoints.tried(bytes: 0, position: store.position, now: Clocks.monotonic())
    logger.error(
      "検出器の状態を保存できません（再起動時の読み直しが長くなります） / cannot save the checkpoint (a restart will replay more)", metadata: ["error": "\(error)"])
  }
}
