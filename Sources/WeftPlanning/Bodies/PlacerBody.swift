package import WeftGraph
package import WeftProvider

/// A body of If, Loop or Scan that is placed together with its caller.
package struct PlacerBody {
    /// The index of its unit among its caller's.
    package let unit: Int
    package let name: String
    let graph: Graph
    /// What it is placed for.
    package let facts: [Fact]
    package let trips: TripCount
    package let placer: Placer
    package let offers: Offers
    /// Its inputs that are values of the caller's, with their numbers there; constants are none.
    let captured: [(inner: Int, outer: Int)]
}

extension PlacerBody {
    /// The bodies of a specialised graph's control flow whose shapes are known before they run.
    ///
    /// Fails no plan: a body that cannot be specialised or placed beforehand is left to run time.
    package static func all(
        of graph: Specialised, devices: [EngineDevice], rules: PlacementRules, room: DeviceRoom = DeviceRoom(),
        constants: DerivedConstants = DerivedConstants(),
        specialise: (Graph, [Fact]) throws(WeftError) -> Specialised
    ) -> [PlacerBody] {
        var found: [PlacerBody] = []
        for (index, unit) in graph.units.enumerated() {
            guard case .controlFlow(let node) = unit.kind else { continue }
            let inputs = unit.inputs.map { value in
                value == Node.absent
                    ? nil : graph.values[value].type.map { Fact(type: $0, contents: graph.values[value].contents) }
            }
            for entry in BodyFacts.all(of: node, inputs) {
                guard entry.facts.allSatisfy({ $0.type.byteCount != nil }),
                    let inner = try? specialise(entry.body, entry.facts),
                    BodyTypes.isSteady(node, entry.facts, inner.outputs.map { inner.values[$0].type })
                else { continue }
                let nested = all(
                    of: inner, devices: devices, rules: rules, room: room, constants: constants, specialise: specialise)
                let captured = zip(inner.inputs.suffix(node.captureCount), unit.inputs.suffix(node.captureCount))
                    .filter { graph.values[$1].contents == nil }
                let placer = Placer(
                    inner, bodies: nested, lent: captured.map(\.0), devices: devices, rules: rules, room: room,
                    constants: constants)
                let offers = placer.offers
                guard (try? placer.prospects(offers)) != nil else { continue }
                let condition = node.opType == "Loop" ? inner.outputs.first.flatMap { inner.values[$0].contents } : nil
                found.append(
                    PlacerBody(
                        unit: index, name: entry.name, graph: entry.body, facts: entry.facts,
                        trips: TripCount(node, inputs, condition: condition), placer: placer, offers: offers,
                        captured: captured.map { (inner: $0, outer: $1) }))
            }
        }
        return found
    }
}
