import Logging
import Readings

extension Pipeline {
  /// Applies cards that were changed on the page. What the detector has learnt stays.
  func takeCards() {
    for id in profiles.cards.takeChanged() {
      for i in routes.indices where routes[i].id == id { routes[i].allowsReverseFlow = profiles.allowsReverseFlow(id) }
      for other in [id] + profiles.related(to: id) {
        if let slot = directory.slot(of: other) { engine.setProfile(slot, profiles.profile(other, slot: directory.slot)) }
      }
      logger.notice("機器の設定を変えました / card of a meter changed", metadata: ["sensor": "\(id)"])
    }
  }
}
