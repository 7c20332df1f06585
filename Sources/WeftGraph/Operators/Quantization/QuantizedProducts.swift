import WeftProvider

extension Operator {
    /// The matrix product of 8-bit integers less their zero points, as int32.
    package static let matMulInteger = Operator("MatMulInteger", since: 10, inputs: 2...4) {
        inference throws(WeftError) in
        let shape = try Rules.quantizedProduct(inference, 0, 1)
        try Rules.sameType(inference, 0, 2)
        try Rules.sameType(inference, 1, 3)
        for (index, operand, rows) in [(2, 0, true), (3, 1, false)] {
            try Rules.perRow(inference, index, of: operand, rows: rows)
        }
        try inference.set(.int32, shape)
    }

    /// The convolution of 8-bit integers less their zero points, as int32.
    package static let convInteger = Operator(
        "ConvInteger", since: 10, inputs: 2...4, attributes: SlidingWindow.attributes + [.int("group", 1)]
    ) { inference throws(WeftError) in
        _ = try inference.elementType(0, among: Rules.bytes)
        _ = try inference.elementType(1, among: Rules.bytes)
        try Rules.sameType(inference, 0, 2)
        try Rules.sameType(inference, 1, 3)
        try Rules.perFilter(inference, 2, filters: nil)
        try Rules.perFilter(inference, 3, filters: inference.shape(1)?.first)
        try inference.set(.int32, try Rules.convolution(&inference, weights: 1))
    }

    /// The matrix product of quantised operands, quantised again.
    package static let qLinearMatMul = Operator("QLinearMatMul", since: 21, inputs: 8...8) {
        inference throws(WeftError) in
        let shape = try Rules.quantizedProduct(inference, 0, 3)
        try Rules.sameType(inference, 0, 2)
        try Rules.sameType(inference, 3, 5)
        for (index, operand, rows) in [(1, 0, true), (2, 0, true), (4, 3, false), (5, 3, false)] {
            try Rules.perRow(inference, index, of: operand, rows: rows)
        }
        for index in [6, 7] { try Rules.perFilter(inference, index, filters: nil) }
        for index in [1, 4, 6] { _ = try inference.elementType(index, among: .floating) }
        try inference.set(try inference.elementType(7, among: Rules.bytes), shape)
    }

    /// The convolution of quantised operands and an int32 bias, quantised again.
    package static let qLinearConv = Operator(
        "QLinearConv", since: 10, inputs: 8...9, attributes: SlidingWindow.attributes + [.int("group", 1)]
    ) { inference throws(WeftError) in
        _ = try inference.elementType(0, among: Rules.bytes)
        _ = try inference.elementType(3, among: Rules.bytes)
        try Rules.sameType(inference, 0, 2)
        try Rules.sameType(inference, 3, 5)
        for index in [1, 4, 6] { _ = try inference.elementType(index, among: [.float32]) }
        for index in [1, 2, 6, 7] { try Rules.perFilter(inference, index, filters: nil) }
        for index in [4, 5] { try Rules.perFilter(inference, index, filters: inference.shape(3)?.first) }
        if inference.has(8) { _ = try inference.elementType(8, among: [.int32]) }
        let type = try inference.elementType(7, among: Rules.bytes)
        try inference.set(type, try Rules.convolution(&inference, weights: 3, bias: 8))
    }
}

extension Rules {
    fileprivate static let bytes: ElementTypes = [.int8, .uint8]

    fileprivate static func quantizedProduct(
        _ inference: Inference, _ a: Int, _ b: Int
    ) throws(WeftError) -> [Int]? {
        _ = try inference.elementType(a, among: bytes)
        _ = try inference.elementType(b, among: bytes)
        guard let left = inference.shape(a), let right = inference.shape(b) else { return nil }
        return try product(left, right)
    }

    fileprivate static func sameType(_ inference: Inference, _ operand: Int, _ zero: Int) throws(WeftError) {
        guard inference.has(zero) else { return }
        let (type, other) = (try inference.elementType(operand), try inference.elementType(zero))
        guard type == other else {
            throw WeftError(.invalidModel, "input \(operand) is of type \(type), its zero point of type \(other)")
        }
    }

    /// A scale or zero point of a matrix has one element, one a row (or column), or one for each of all matrices.
    fileprivate static func perRow(
        _ inference: Inference, _ index: Int, of operand: Int, rows: Bool
    ) throws(WeftError) {
        guard let given = inference.shape(index)?.checkedElementCount, let matrix = inference.shape(operand) else {
            return
        }
        let (rank, count) = (matrix.count, matrix.checkedElementCount ?? 0)
        guard rank > 0 else { return }
        let lines = rows ? (rank == 1 ? 1 : matrix[rank - 2]) : (rank == 1 ? 1 : matrix[rank - 1])
        let depth = rows ? matrix[rank - 1] : (rank == 1 ? matrix[0] : matrix[rank - 2])
        guard given == 1 || given == lines || (depth > 0 && given == count / depth) else {
            throw WeftError(
                .invalidModel, "input \(index) has \(given) elements, which fit no rows or columns of shape \(matrix)")
        }
    }

    /// A scale or zero point of one element, or one for each of `filters`.
    fileprivate static func perFilter(_ inference: Inference, _ index: Int, filters: Int?) throws(WeftError) {
        guard let count = inference.shape(index)?.checkedElementCount else { return }
        guard count == 1 || count == filters else {
            throw WeftError(.invalidModel, "input \(index) should have one element, or one a filter, has \(count)")
        }
    }
}
