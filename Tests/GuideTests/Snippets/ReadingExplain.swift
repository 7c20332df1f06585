import Weft

func explain(_ session: Session, _ x: Tensor) throws {
    let plan = try session.explain(["x": .tensor(x)])
    print(plan)  // vulkan 2 nodes, 100% of FLOPs; 1 segment, …
    for node in plan.nodes where node.device == "cpu" {
        let declines = node.offers.compactMap { offer in offer.decline.map { "\(offer.device) \($0)" } }
        print(node.name, node.reason, declines)
    }
}

func profile(_ session: Session, _ x: Tensor) async throws {
    let (_, profile) = try await session.profile(values: ["x": .tensor(x)], runs: 3)
    let slowest = profile.spans.filter { $0.category == "node" }.max { $0.duration < $1.duration }
    if let slowest { print(slowest.name, slowest.duration) }
    try profile.write(chromeTrace: "trace.json")
}
