import Readings
import Settings
import Store

extension ReportSource {
  /// For a command. Without a running service the newest readings are folded into days first; beside one it does that itself.
  /// - Returns: nil where there is no database yet.
  public init?(settings: MizumoriSettings) throws(StoreError) {
    let directory = settings.data.directory
    guard try StoreReader.ifPresent(directory: directory) != nil else { return nil }
    do throws(StoreError) {
      let store = try Store(directory: directory)
      // Held, so that no service begins meanwhile and folds too.
      defer { withExtendedLifetime(store) {} }
      let rollup = try RollupStore<RegisterSteps>(directory: directory, settings: settings.rollupSettings)
      while try rollup.step().isBehind {}
    } catch {
      guard case .locked = error else { throw error }
    }
    let reader = try StoreReader(directory: directory)
    self.init(reader: reader, profiles: ProfileBook(settings, cards: MeterBook(try reader.meterCards())))
  }
}
