import WeftProvider

extension Operator {
    /// x [N, C, d…] read at the positions of a grid [N, o…, axes], -1 to 1 across each axis, the last axis first.
    package static let gridSample = Operator(
        "GridSample", since: 22, inputs: 2...2,
        attributes: [.int("align_corners", 0), .string("mode", "linear"), .string("padding_mode", "zeros")],
        lift: { draft, _, _ throws(WeftError) in
            switch draft.attributes["mode"] {
            case .string("bilinear"): draft.attributes["mode"] = .string("linear")
            case .string("bicubic"): draft.attributes["mode"] = .string("cubic")
            default: break
            }
            return false
        }
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        _ = try inference.elementType(1, among: .floating)
        for (name, allowed) in [
            ("mode", ["linear", "nearest", "cubic"]), ("padding_mode", ["zeros", "border", "reflection"]),
        ] {
            let value = inference.string(name) ?? ""
            guard allowed.contains(value) else {
                throw WeftError(.invalidModel, "\(name) '\(value)' is none of \(allowed)")
            }
        }
        guard let x = inference.shape(0), let grid = inference.shape(1) else { return try inference.set(type, nil) }
        guard x.count >= 3, grid.count == x.count, grid[0] == x[0], grid[grid.count - 1] == x.count - 2 else {
            throw WeftError(.invalidModel, "a grid of shape \(grid) does not fit an input of shape \(x)")
        }
        let y = [x[0], x[1]] + grid[1..<(grid.count - 1)]
        if y.checkedElementCount ?? 0 > 0, x.contains(0) {
            throw WeftError(.invalidModel, "an input of shape \(x) has nothing to sample")
        }
        try inference.set(type, y)
    }

    /// Boxes kept, best scores first, that overlap no better one: [batch, class, box] for each.
    package static let nonMaxSuppression = Operator(
        "NonMaxSuppression", since: 11, inputs: 2...5, attributes: [.int("center_point_box", 0)]
    ) { inference throws(WeftError) in
        for index in [0, 1, 3, 4] where inference.has(index) || index < 2 {
            _ = try inference.elementType(index, among: [.float32])
        }
        if inference.has(2) { _ = try inference.elementType(2, among: [.int64]) }
        if let boxes = inference.shape(0), let scores = inference.shape(1) {
            guard boxes.count == 3, scores.count == 3, boxes[2] == 4, boxes[0] == scores[0], boxes[1] == scores[2]
            else {
                throw WeftError(.invalidModel, "scores of shape \(scores) do not fit boxes of shape \(boxes)")
            }
        }
        try inference.set(.int64, nil)
    }
}
