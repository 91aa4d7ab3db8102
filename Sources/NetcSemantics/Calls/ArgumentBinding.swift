import NetcCore
import NetcSyntax

extension Lowering {
  /// Gives each argument of a call to the parameter it belongs to.
  ///
  /// Positional arguments fill the required parameters that are still empty, in order: all of them
  /// in a call, only settings where tensors stay open. Those with a default must be labelled.
  /// - Returns: what each parameter was given, nil after a mistake was reported.
  mutating func bind(
    _ site: CallSite, to parameters: [ParameterShape], preset: [Callable.Setting] = [],
    leavesOpen: Bool = false
  ) -> [Supplied?]? {
    var slots = [Supplied?](repeating: nil, count: parameters.count)
    for setting in preset {
      guard let place = parameters.firstIndex(where: { $0.name == setting.name }) else { continue }
      slots[place] = .value(setting.value, setting.range)
    }
    if let piped = site.piped {
      let place =
        parameters.indices.first { parameters[$0].isOpen && slots[$0] == nil }
        ?? parameters.indices.first { !parameters[$0].hasDefault && slots[$0] == nil }
      guard let place else {
        fail(
          .takesNoInput, "`\(site.name)` takes no input", at: site.range,
          help: ["call it on its own: `\(site.name)(…)`"])
        return nil
      }
      slots[place] = .value(piped.value, piped.range)
    }
    guard bindLabelled(site, parameters, leavesOpen: leavesOpen, &slots),
      bindPositional(site, parameters, leavesOpen: leavesOpen, &slots)
    else { return nil }
    for place in parameters.indices
    where slots[place] == nil && !parameters[place].hasDefault
      && !(leavesOpen && parameters[place].isOpen)
    {
      reportMissing(parameters[place], of: site, parameters)
      return nil
    }
    return slots
  }

  private mutating func bindLabelled(
    _ site: CallSite, _ parameters: [ParameterShape], leavesOpen: Bool, _ slots: inout [Supplied?]
  ) -> Bool {
    var isFine = true
    for argument in site.arguments {
      guard let label = argument.label else { continue }
      guard let place = parameters.firstIndex(where: { $0.name == label.text }) else {
        reportUnknownLabel(label, of: site, parameters)
        isFine = false
        continue
      }
      if slots[place] != nil {
        fail(
          .argumentTwice, "`\(label.text)` is given twice to `\(site.name)`", at: label.range,
          help: ["remove one of the two"])
        isFine = false
      } else if leavesOpen, parameters[place].isOpen {
        fail(
          .openArgumentGiven, "`\(label.text)` stays open where `\(site.name)` is not applied yet",
          at: argument.range, help: ["give it where the layer or function is applied"])
        isFine = false
      }
      slots[place] = .expression(argument.value)
    }
    return isFine
  }

  private mutating func bindPositional(
    _ site: CallSite, _ parameters: [ParameterShape], leavesOpen: Bool, _ slots: inout [Supplied?]
  ) -> Bool {
    let positional = site.arguments.indices.filter { site.arguments[$0].label == nil }
    if positional.isEmpty { return true }
    let free = parameters.indices.filter {
      slots[$0] == nil && !parameters[$0].hasDefault && !(leavesOpen && parameters[$0].isOpen)
    }
    var rest = positional[...]
    for (order, place) in free.enumerated() {
      guard !rest.isEmpty else { break }
      let surplus = rest.count - (free.count - order)
      if parameters[place].isDims, surplus > 0 {
        slots[place] = .sizes(rest.prefix(surplus + 1).map { site.arguments[$0].value })
        rest = rest.dropFirst(surplus + 1)
      } else {
        slots[place] = .expression(site.arguments[rest.removeFirst()].value)
      }
    }
    guard let extra = rest.first else { return true }
    reportSurplus(site.arguments[extra].value, of: site, parameters, slots)
    return false
  }

  private mutating func reportMissing(
    _ parameter: ParameterShape, of site: CallSite, _ parameters: [ParameterShape]
  ) {
    fail(
      .argumentMissing, "`\(site.name)` needs `\(parameter.name)`", at: site.range,
      help: ["it takes \(signatureText(site.name, parameters))"])
  }

  private mutating func reportUnknownLabel(
    _ label: Name, of site: CallSite, _ parameters: [ParameterShape]
  ) {
    let given = Set(site.arguments.compactMap { $0.label?.text })
    let meant = Meant(
      label.text, at: label.range, among: parameters.map(\.name).filter { !given.contains($0) },
      foreign: .labels, otherwise: "it takes \(signatureText(site.name, parameters))")
    fail(
      .unknownLabel, "`\(site.name)` has no argument `\(label.text)`", at: label.range,
      help: meant.help, fixes: meant.fixes)
  }

  private mutating func reportSurplus(
    _ extra: Expression, of site: CallSite, _ parameters: [ParameterShape], _ slots: [Supplied?]
  ) {
    let open = parameters.indices.first { slots[$0] == nil && parameters[$0].hasDefault }
    let labelled = site.arguments.first { argument in
      parameters.contains { $0.name == argument.label?.text && !$0.hasDefault }
    }
    if let label = labelled?.label {
      fail(
        .argumentTwice, "`\(label.text)` is given twice to `\(site.name)`", at: label.range,
        notes: [Diagnostic.Label(extra.range, "and here by its place")],
        help: ["remove one of the two"])
    } else if let open {
      let name = parameters[open].name
      let start = SourceRange(
        file: extra.range.file, start: extra.range.start, end: extra.range.start)
      let others = parameters.indices.filter { slots[$0] == nil && parameters[$0].hasDefault }
      fail(
        .labelNeeded, "`\(site.name)` takes this argument by its label only", at: extra.range,
        help: ["write `\(name): \(sources.text(extra.range))` if `\(name)` is meant"],
        fixes: others.count == 1 ? [Diagnostic.Fix(start, "\(name): ")] : [])
    } else {
      fail(
        .argumentSurplus, "`\(site.name)` takes no more arguments", at: extra.range,
        help: ["it takes \(signatureText(site.name, parameters))"])
    }
  }

  private func signatureText(_ name: String, _ parameters: [ParameterShape]) -> String {
    let parts = parameters.map { $0.hasDefault ? "\($0.name): …" : $0.name }
    return "`\(name)(\(parts.joined(separator: ", ")))`"
  }
}
