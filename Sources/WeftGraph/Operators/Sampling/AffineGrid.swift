import WeftProvider

extension Operator {
    /// The grid that GridSample reads an affine picture of an image at: theta [N, 2, 3] or [N, 3, 4] and sizes [N, C, d…].
    package static let affineGrid = Operator(
        "AffineGrid", since: 20, inputs: 2...2, attributes: [.int("align_corners", 0)], hostInputs: [1]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0, among: .floating)
        guard let theta = inference.shape(0), let size = try inference.ints(1) else {
            return try inference.set(type, nil)
        }
        let axes = size.count - 2
        guard axes == 2 || axes == 3, theta == [size[0], axes, axes + 1], size.allSatisfy({ $0 >= 1 }) else {
            throw WeftError(.invalidModel, "a theta of shape \(theta) does not fit sizes \(size)")
        }
        try inference.set(type, [size[0]] + size[2...] + [axes])
    }
}
