import Weft

func tune(_ session: Session, _ x: Tensor, path: String) throws {
    let (report, plan) = try session.tune(["x": .tensor(x)], seconds: 5)
    print(report.winner, report.predictedSeconds, report.measuredSeconds)
    try plan.write(to: path)
}

func follow(_ path: String, model: String) async throws -> Session {
    var options = SessionOptions()
    options.plan = try PlanFile(contentsOf: path)
    return try await Session(model: model, options: options)
}

func compare(_ old: String, _ new: String) throws {
    let difference = PlanDifference(from: try PlanFile(contentsOf: old), to: try PlanFile(contentsOf: new))
    for move in difference.moved { print(move.node, move.fromDevice, move.toDevice, move.reason) }
}
